-- sv: Anslag som lämnade tavlan före 21 dagar
-- en: Notices that left the board before 21 days
-- note_sv: Räknat på vad vi såg: anslaget kan ha suttit längre åt båda håll.
-- note_en: Counted from what we saw: the notice may have hung longer at both ends.
SELECT d.municipality, d.url, d.title, min(s.captured_at) AS first_seen, d.first_missed,
  round(julianday(d.first_missed) - julianday(min(s.captured_at)), 1) AS days_at_most_seen
FROM disappearances d
JOIN snapshots s ON s.page_id = d.page_id
WHERE d.section = 'anslagstavla'
GROUP BY d.absence_id
HAVING days_at_most_seen < 21
ORDER BY d.first_missed DESC
