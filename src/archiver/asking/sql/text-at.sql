-- 2
-- sv: Sidans text en viss dag
-- en: What a page said on a day
-- :url | sidans adress | the page's address
-- :day | dagen, t.ex. 2026-03-02 | the day, such as 2026-03-02 | 9999-12-30
SELECT captured_at, url, revision, title, published, updated, text, body_sha256, capture_id
FROM snapshots
WHERE page_id = (SELECT page_id FROM visits WHERE url = :url LIMIT 1) AND captured_at < date(:day, '+1 day')
ORDER BY captured_at DESC LIMIT 1
