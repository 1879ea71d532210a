-- 13
-- sv: Andel döda dokumentlänkar, efter länkens ålder
-- en: Share of dead document links, by the age of the link
-- :at | från vilken dag länkens ålder räknas | from which day the age of a link is counted | now
-- :kommun | kommunens namn eller kod; tomt: alla | name or code of the municipality; empty: all | 
WITH asked AS (
  SELECT l.municipality, l.code, l.target, l.target_fate,
         (SELECT min(first_seen) FROM link_history h WHERE h.page_id = l.page_id AND h.target = l.target) AS since
  FROM page_links l
  WHERE l.rel = 'attachment' AND l.target_fate IS NOT NULL)
SELECT municipality, code,
       CASE WHEN since > date(:at, '-1 year') THEN 'under 1 year' WHEN since > date(:at, '-3 years') THEN '1 to 3 years'
            ELSE 'over 3 years' END AS seen_for,
       count(*) AS links, sum(target_fate = 'gone') AS dead, round(1.0 * sum(target_fate = 'gone') / count(*), 4) AS share
FROM asked
WHERE (:kommun = '' OR code = :kommun OR municipality = :kommun COLLATE NOCASE)
GROUP BY municipality, code, seen_for ORDER BY municipality, seen_for
