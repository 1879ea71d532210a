-- 1
-- sv: Sidans alla tillstånd, med vad den sade om sina datum
-- en: Every state of a page, with what it said of its dates
-- :url | sidans adress | the page's address
SELECT revision, state, last_seen_before, first_seen, last_seen, visits, status, title, published, updated, reviewed,
       http_last_modified, moved_to, body_sha256, first_capture, last_capture
FROM page_history
WHERE page_id = (SELECT page_id FROM visits WHERE url = :url LIMIT 1)
ORDER BY revision
