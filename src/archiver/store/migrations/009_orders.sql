-- Words hidden wherever they stand; a register of what people asked for; logs and addresses under the seals.

CREATE TABLE patterns (               -- EVIDENCE: what a redaction looks for. In no public view
  id        INTEGER PRIMARY KEY,
  kind      TEXT NOT NULL CHECK (kind IN ('words', 'regex')),
  text      TEXT NOT NULL,            -- a regular expression; of words only a digest, so that the file does not say them
  words     INTEGER NOT NULL,         -- how many words the digest is of; 0: a regular expression
  salt      TEXT NOT NULL,            -- what the words are hashed with
  source_id TEXT REFERENCES sources(id),            -- where it is looked for; null: everywhere
  section   TEXT,                     -- and in which section of it; null: in all
  digest    TEXT NOT NULL CHECK (length(digest) = 64)   -- chains the row to those before it
) STRICT;
CREATE TRIGGER patterns_never_change BEFORE UPDATE ON patterns
  BEGIN SELECT RAISE(ABORT, 'the redaction log is only added to'); END;
CREATE TRIGGER patterns_never_leave BEFORE DELETE ON patterns
  BEGIN SELECT RAISE(ABORT, 'the redaction log is only added to'); END;

-- A redaction may be of a pattern. Another CHECK is another table. (legacy: the views over the old one stand by.)
PRAGMA legacy_alter_table = ON;
CREATE TABLE wider_redactions (
  id          INTEGER PRIMARY KEY,
  body_id     INTEGER REFERENCES bodies(id),      -- one payload ...
  address_id  INTEGER REFERENCES addresses(id),   -- ... or every payload of an address, later ones too
  pattern_id  INTEGER REFERENCES patterns(id),    -- ... or words wherever they stand, later too
  from_char   INTEGER,                -- span in the decoded text (HTML) or the read text (files); null: all
  to_char     INTEGER,
  level       TEXT NOT NULL CHECK (level IN ('hidden', 'withheld', 'erased')),
                                      -- all three: masked before reading. The raw body is closed to the public
                                      -- (hidden), to all but the keeper (withheld), or destroyed (erased)
  reason      TEXT NOT NULL,          -- a code; never the words
  actor       TEXT NOT NULL,
  acted_at    TEXT NOT NULL,
  lifts       INTEGER REFERENCES wider_redactions(id),  -- this row undoes that one; of an erasure only what was to come
  digest      TEXT CHECK (length(digest) = 64),   -- chains the row to those before it; null: made before there was one
  CHECK ((body_id IS NOT NULL) + (address_id IS NOT NULL) + (pattern_id IS NOT NULL) = 1),
  CHECK ((from_char IS NULL) = (to_char IS NULL)),
  CHECK (from_char IS NULL OR (body_id IS NOT NULL AND from_char < to_char))
) STRICT;
INSERT INTO wider_redactions (id, body_id, address_id, from_char, to_char, level, reason, actor, acted_at, lifts)
  SELECT id, body_id, address_id, from_char, to_char, level, reason, actor, acted_at, lifts FROM redactions ORDER BY id;
DROP TABLE redactions;
ALTER TABLE wider_redactions RENAME TO redactions;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX redactions_by_body ON redactions(body_id);
CREATE INDEX redactions_by_address ON redactions(address_id);
CREATE INDEX redactions_by_pattern ON redactions(pattern_id) WHERE pattern_id IS NOT NULL;
CREATE TRIGGER redactions_never_change BEFORE UPDATE ON redactions
  BEGIN SELECT RAISE(ABORT, 'the redaction log is only added to'); END;
CREATE TRIGGER redactions_never_leave BEFORE DELETE ON redactions
  BEGIN SELECT RAISE(ABORT, 'the redaction log is only added to'); END;

CREATE TABLE redaction_hits (         -- READING: the bodies in which a pattern was looked for, or found
  redaction_id INTEGER NOT NULL REFERENCES redactions(id),
  body_id      INTEGER NOT NULL REFERENCES bodies(id),
  places       INTEGER NOT NULL,      -- how many; 0: looked for and not found, where no reading of the body says so
  PRIMARY KEY (redaction_id, body_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX redaction_hits_by_body ON redaction_hits(body_id);

CREATE TABLE takedowns (              -- EVIDENCE: what people asked to have hidden. In no public view
  id          INTEGER PRIMARY KEY,
  received_at TEXT NOT NULL,
  about       TEXT NOT NULL,          -- a URL, or what it is about in words
  asker       TEXT NOT NULL,          -- who asks, and how to answer
  ground      TEXT NOT NULL,          -- a code: person, copyright, protected-identity, secrecy, ...
  note        TEXT,
  actor       TEXT NOT NULL,          -- who wrote it down
  noted_at    TEXT NOT NULL,
  digest      TEXT NOT NULL CHECK (length(digest) = 64)
) STRICT;
CREATE TABLE takedown_steps (         -- what became of each, one row a step
  id           INTEGER PRIMARY KEY,
  takedown_id  INTEGER NOT NULL REFERENCES takedowns(id),
  step         TEXT NOT NULL CHECK (step IN ('granted', 'partly', 'refused', 'withdrawn', 'note')),
  redaction_id INTEGER REFERENCES redactions(id),     -- what was done
  note         TEXT,                  -- why, and what was answered
  actor        TEXT NOT NULL,
  acted_at     TEXT NOT NULL,
  digest       TEXT NOT NULL CHECK (length(digest) = 64)
) STRICT;
CREATE INDEX takedown_steps_by_takedown ON takedown_steps(takedown_id);
CREATE TRIGGER takedowns_never_change BEFORE UPDATE ON takedowns
  BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER takedowns_never_leave BEFORE DELETE ON takedowns
  BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER takedown_steps_never_change BEFORE UPDATE ON takedown_steps
  BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;
CREATE TRIGGER takedown_steps_never_leave BEFORE DELETE ON takedown_steps
  BEGIN SELECT RAISE(ABORT, 'the register is only added to'); END;

ALTER TABLE annotations ADD COLUMN digest TEXT CHECK (length(digest) = 64);   -- as of redactions
CREATE TRIGGER annotations_never_change BEFORE UPDATE ON annotations
  BEGIN SELECT RAISE(ABORT, 'annotations are only added to'); END;
CREATE TRIGGER annotations_never_leave BEFORE DELETE ON annotations
  BEGIN SELECT RAISE(ABORT, 'annotations are only added to'); END;

ALTER TABLE seals ADD COLUMN beside TEXT CHECK (beside IS NULL OR json_valid(beside));
                                      -- what is sealed beside the run: {"addresses": [first, last, digest], log: [last,
                                      -- digest]}; null: sealed before there was such a thing
