-- sv: Alla hämtningar av en sida
-- en: Every capture of a page
-- note_sv: En rad per läsbar hämtning; revision är lydelsens nummer.
-- note_en: A row per readable capture; revision is the number of its revision.
SELECT captured_at, revision, title, published, updated, reviewed, http_last_modified, words, body_sha256, capture_id
FROM snapshots
WHERE url = :url
ORDER BY captured_at
