-- 22
-- sv: Stycken som flera kommuner har ordagrant
-- en: Passages that several municipalities share word for word
-- :words | minst så många ord | at least so many words | 12
-- :municipalities | minst så många kommuner | at least so many municipalities | 2
SELECT municipalities, pages, text, example_a, example_b
FROM shared_passages
WHERE words >= :words AND municipalities >= :municipalities
ORDER BY municipalities DESC, pages DESC, text
