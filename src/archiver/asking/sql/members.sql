-- 23
-- sv: Rader som kom till eller försvann på en sida mellan två dagar
-- en: Rows that a page gained or lost between two days
-- :url | sidans adress | the page's address
-- :before | före, t.ex. valdagen | before, such as election day
-- :after | efter | after | 9999-12-30
WITH page AS (SELECT page_id FROM visits WHERE url = :url LIMIT 1),
then_rows AS (SELECT kind, text FROM snapshot_blocks WHERE kind IN ('list-item', 'table-row') AND capture_id = (SELECT capture_id FROM snapshots
  WHERE page_id = (SELECT page_id FROM page) AND captured_at < date(:before, '+1 day') ORDER BY captured_at DESC LIMIT 1)),
now_rows AS (SELECT kind, text FROM snapshot_blocks WHERE kind IN ('list-item', 'table-row') AND capture_id = (SELECT capture_id FROM snapshots
  WHERE page_id = (SELECT page_id FROM page) AND captured_at < date(:after, '+1 day') ORDER BY captured_at DESC LIMIT 1))
SELECT 'left' AS op, text FROM then_rows WHERE text NOT IN (SELECT text FROM now_rows)
UNION ALL
SELECT 'joined', text FROM now_rows WHERE text NOT IN (SELECT text FROM then_rows)
