-- sv: Sidans text en viss dag
-- en: The text of a page as of a day
-- note_sv: Den senaste läsbara hämtningen inte efter dagens slut (UTC). Dag: 2026-03-04.
-- note_en: The latest readable capture not after the end of the day (UTC). Day: 2026-03-04.
SELECT captured_at, revision, title, updated, text, body_sha256, capture_id
FROM snapshots
WHERE url = :url AND substr(captured_at, 1, 10) <= :day
ORDER BY captured_at DESC
LIMIT 1
