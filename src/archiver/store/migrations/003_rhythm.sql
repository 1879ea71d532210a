-- What visits have shown of each address, fading, and how a source's visits are spent by it.

ALTER TABLE frontier ADD COLUMN changes REAL NOT NULL DEFAULT 0;   -- changes seen, those of long ago counting less
ALTER TABLE frontier ADD COLUMN watched REAL NOT NULL DEFAULT 0;   -- seconds through which it was watched for them

CREATE TABLE rhythms (                -- an address of rate r is asked for every scale / sqrt(r) seconds, within bounds
  source_id TEXT PRIMARY KEY REFERENCES sources(id),
  scale     REAL NOT NULL,
  shortest  REAL NOT NULL,            -- seconds
  longest   REAL NOT NULL,            -- seconds
  mean      REAL NOT NULL,            -- changes a second of the source's pages
  shape     REAL NOT NULL,            -- how alike they are
  since     TEXT NOT NULL             -- when this was settled
) STRICT;
