-- Texts are kept once and indexed once, as they stand. What a word's other forms are is kept by the word, not by the
-- text: a search for one form asks the index for all of them (docs/decisions/0025).

CREATE TABLE word_forms (             -- every word ever read that is not its own stem
  stem TEXT NOT NULL,                 -- in the language of the page it was met on
  word TEXT NOT NULL,                 -- in lower case
  PRIMARY KEY (stem, word)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO word_forms (stem, word)
  SELECT f.value ->> 0, f.value ->> 1
  FROM (SELECT text, stems FROM passages UNION ALL SELECT text, stems FROM hunks) AS t,
    json_each(forms_in(t.text, t.stems)) AS f;

DROP TABLE passages_fts;
DROP TABLE hunks_fts;
DROP TRIGGER passages_added;
DROP TRIGGER passages_removed;
DROP TRIGGER hunks_added;
DROP TRIGGER hunks_removed;

-- (legacy: the views stand by.) The room that the stems took is reused; VACUUM gives it back.
PRAGMA legacy_alter_table = ON;
ALTER TABLE passages DROP COLUMN stems;
ALTER TABLE hunks DROP COLUMN stems;
PRAGMA legacy_alter_table = OFF;

CREATE VIRTUAL TABLE passages_fts USING fts5(
  text, content = 'passages', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 0");
CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN
  INSERT INTO passages_fts(rowid, text) VALUES (NEW.id, NEW.text);
END;
CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
  INSERT INTO passages_fts(passages_fts, rowid, text) VALUES ('delete', OLD.id, OLD.text);
END;

CREATE VIRTUAL TABLE hunks_fts USING fts5(
  text, content = 'hunks', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 0");
CREATE TRIGGER hunks_added AFTER INSERT ON hunks BEGIN
  INSERT INTO hunks_fts(rowid, text) VALUES (NEW.id, NEW.text);
END;
CREATE TRIGGER hunks_removed AFTER DELETE ON hunks BEGIN
  INSERT INTO hunks_fts(hunks_fts, rowid, text) VALUES ('delete', OLD.id, OLD.text);
END;

INSERT INTO passages_fts(passages_fts) VALUES ('rebuild');
INSERT INTO hunks_fts(hunks_fts) VALUES ('rebuild');

-- From a passage to the documents whose main part shows it (sort % 2 = 0), without a look at the blocks themselves.
DROP INDEX blocks_by_passage;
CREATE INDEX blocks_by_passage ON blocks(passage_id, sort);
