-- 25b
-- sv: Tider då en sida inte kunde ses
-- en: Times in which a page was not seen
-- :days | längre än så många dagar | longer than so many days | 14
SELECT url, from_time, to_time, round(days, 1) AS days, obstacles
FROM gaps
WHERE days > :days
ORDER BY days DESC
