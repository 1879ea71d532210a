-- sv: Protokoll: när de först sågs
-- en: Minutes: when they were first seen
-- note_sv: Mötesdagen står oftast i titeln och får läsas ut därifrån; vi såg protokollet senast first_seen.
-- note_en: The day of the meeting mostly stands in the title and must be read out from there; we saw the minutes by first_seen.
SELECT municipality, title, url, published, min(captured_at) AS first_seen
FROM snapshots
WHERE title LIKE '%protokoll%'
GROUP BY page_id
ORDER BY first_seen DESC
