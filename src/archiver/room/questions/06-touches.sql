-- sv: Datumet flyttades men inte texten
-- en: The date moved and the text did not
-- note_sv: Flyttat datum utan annan ändring: en genomgång, en flytt eller ett skript.
-- note_en: A date moved without any other change: a review, a migration or a script.
SELECT municipality, url, title_after AS title, last_seen_before, seen_after, updated_before, updated_after
FROM touched_dates
ORDER BY seen_after DESC
