-- sv: Gammal adress till ny
-- en: Old address to new
-- note_sv: Sidor som har setts på mer än en adress, och när på var och en.
-- note_en: Pages that were seen at more than one address, and when at each.
SELECT municipality, page_id, url, min(captured_at) AS first_seen, max(captured_at) AS last_seen
FROM snapshots
WHERE page_id IN (SELECT page_id FROM snapshots GROUP BY page_id HAVING count(DISTINCT url) > 1)
GROUP BY page_id, url
ORDER BY page_id, first_seen
