-- sv: Flyttar och massdateringar
-- en: Migrations and bulk date stamps
-- note_sv: Många sidor som delar uppdateringsdag: en flytt eller ett skript, inte redigering.
-- note_en: Many pages that share an update day: a migration or a script, not edits.
SELECT source_id, updated, pages
FROM bulk_stamps
ORDER BY pages DESC
