-- sv: Ändringar inom 48 timmar efter en händelse
-- en: Changes within 48 hours of an event
-- note_sv: Tid i UTC: 2026-03-03T06:00. Ändringen skedde mellan last_seen_before och seen_after.
-- note_en: Time in UTC: 2026-03-03T06:00. The change happened between last_seen_before and seen_after.
SELECT municipality, url, title_after AS title, last_seen_before, seen_after, classes, reasons, points, summary
FROM page_changes
WHERE julianday(seen_after) >= julianday(:time) AND julianday(last_seen_before) <= julianday(:time) + 2
ORDER BY points DESC, seen_after
