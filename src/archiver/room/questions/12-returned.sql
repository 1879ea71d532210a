-- sv: Sidor som kom tillbaka
-- en: Pages that came back
-- note_sv: Från att de saknades till att de åter sågs.
-- note_en: From being missed to being seen again.
SELECT municipality, url, title, first_missed, last_missed, back, round(julianday(back) - julianday(first_missed), 1) AS days_at_most
FROM returns
ORDER BY back DESC
