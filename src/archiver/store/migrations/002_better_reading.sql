-- What readers say beyond 001: pages of files, anchors, what a page says of itself to machines, which selector
-- found its content area, three more witnesses, and what a site's own pages teach about its furniture.

ALTER TABLE blocks ADD COLUMN page INTEGER;      -- of a file that has pages, from 1
ALTER TABLE blocks ADD COLUMN anchor TEXT;       -- the id by which a link reaches it: 'page.html#anchor'

ALTER TABLE documents ADD COLUMN about TEXT CHECK (about IS NULL OR json_valid(about));
                                      -- description, canonical, shared, breadcrumb, page_id, generator, cms, marks
ALTER TABLE documents DROP COLUMN simhash;       -- never written

ALTER TABLE readings ADD COLUMN fit TEXT;        -- the profile's selector that found the content area; '': none did

CREATE TABLE furniture (              -- lines that stood on most pages of a source when a run of it ended
  id      INTEGER PRIMARY KEY,
  sha256  TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
  content TEXT NOT NULL CHECK (json_valid(content))     -- the lines, sorted
) STRICT;

CREATE TABLE settled (                -- runs whose captures are read, and what was concluded from all of them together
  run_id       INTEGER PRIMARY KEY REFERENCES runs(id),
                                      -- in force for what is captured after the run:
  furniture_id INTEGER REFERENCES furniture(id),     -- lines learned to be furniture; null: none
  profile      TEXT                   -- the profile whose marks its pages bear; null: the configured one
) STRICT;

-- A wider list in a CHECK is another table: SQLite alters none in place. (legacy: the views over the old one stand by.)
PRAGMA legacy_alter_table = ON;
CREATE TABLE wider_claims (           -- what a document says about itself, believed or not
  document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  meaning     TEXT NOT NULL CHECK (meaning IN
                ('published', 'updated', 'reviewed', 'created', 'responsible', 'other')),
  witness     TEXT NOT NULL CHECK (witness IN
                ('jsonld', 'meta', 'time', 'label', 'lone-date', 'url', 'file-number', 'file-property', 'feed',
                 'sitemap', 'http', 'any-date')),
  rule        TEXT NOT NULL,          -- which row of which table read it: 'sv:Senast uppdaterad'
  label       TEXT,                   -- as printed: 'Sidan uppdaterades senast'
  raw         TEXT NOT NULL,          -- as printed: '8 nov 2019'; '' where the label had no value
  value       TEXT,                   -- '2019-11-08'; null: not understood
  precision   TEXT CHECK (precision IN ('year', 'month', 'day', 'minute', 'second')),
  place       TEXT NOT NULL,          -- where it stood: a CSS path, a meta name, a text offset
  believed    INTEGER NOT NULL CHECK (believed IN (0, 1)),
  doubt       TEXT CHECK (doubt IN ('outranked', 'no-value', 'not-understood', 'future', 'before-the-web',
                'fetch-day', 'banner', 'relative', 'misleading-label', 'contradicted', 'hearsay')),
  PRIMARY KEY (document_id, position),
  CHECK ((believed = 1) = (doubt IS NULL)),
  CHECK ((value IS NULL) = (precision IS NULL) OR meaning IN ('responsible', 'other'))
) STRICT, WITHOUT ROWID;
INSERT INTO wider_claims SELECT * FROM claims;
DROP TABLE claims;
ALTER TABLE wider_claims RENAME TO claims;
PRAGMA legacy_alter_table = OFF;
