-- sv: Publiceringsdagen ändrades i efterhand
-- en: The day of publication was altered afterwards
-- note_sv: Även uppdateringsdatum som gick bakåt.
-- note_en: Also update dates that went backwards.
SELECT class, municipality, url, last_seen_before, seen_after, published_before, published_after, updated_before, updated_after, reason
FROM date_anomalies
ORDER BY seen_after DESC
