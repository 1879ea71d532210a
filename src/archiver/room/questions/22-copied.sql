-- sv: Meningar som två kommuner delar
-- en: Sentences that two municipalities share
-- note_sv: Stycken på minst 60 tecken som står på båda.
-- note_en: Passages of at least 60 letters that stand on both.
WITH RECURSIVE piece(municipality, url, line, rest) AS (
  SELECT municipality, url, '', text || char(10) FROM current_pages
  WHERE municipality IN (:one, :other) AND kind = 'page' AND text IS NOT NULL
  UNION ALL
  SELECT municipality, url, substr(rest, 1, instr(rest, char(10)) - 1), substr(rest, instr(rest, char(10)) + 1)
  FROM piece WHERE rest <> '')
SELECT a.line, a.url AS one, b.url AS other
FROM piece a JOIN piece b ON b.line = a.line AND b.municipality = :other
WHERE a.municipality = :one AND length(a.line) >= 60
