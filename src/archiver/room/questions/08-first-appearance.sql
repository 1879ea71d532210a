-- sv: När en fras dök upp först
-- en: When a phrase first appeared
-- note_sv: Stod frasen där redan vid sidans första hämtning kan den ha stått där långt innan (vänstercensurering).
-- note_en: Where it stood at the page's first capture it may have stood there long before (left-censored).
SELECT municipality, url, title, min(captured_at) AS first_seen,
  min(captured_at) = (SELECT min(s.captured_at) FROM snapshots s WHERE s.page_id = snapshots.page_id) AS at_first_capture
FROM snapshots
WHERE municipality = :municipality AND text LIKE '%' || :phrase || '%'
GROUP BY page_id
ORDER BY first_seen
