-- sv: När såg vi inte
-- en: When did we not look
-- note_sv: En rad per kommun och dag; en dag utan rad är en dag då vi inte såg. Frånvaro här är inte borttagande där.
-- note_en: A row per municipality and day; a day without a row is a day we did not look. Absence here is not removal there.
SELECT municipality, day, asked, answered, moved, gone, refused, failed, barred, bad
FROM coverage
ORDER BY day DESC, municipality
