-- Less to look at: what an address was last wanted, and its links admitted, by.

ALTER TABLE frontier ADD COLUMN scope INTEGER;
                                      -- digest of the scope under which it was last found to belong; null: not yet
ALTER TABLE frontier ADD COLUMN admitted INTEGER;
                                      -- digest of the document whose links were admitted, and of the scope they were
                                      -- admitted by; null: none yet. The same again leads nowhere new

-- Less to keep. In the tables that get dozens of rows a page, words out of a closed list are a number, and computed when
-- they are read; a URL that is its own key, as three in four are, stands there once. (legacy: the views stand by.)
PRAGMA legacy_alter_table = ON;

CREATE TABLE lean_targets (           -- every URL ever linked to, once
  id  INTEGER PRIMARY KEY,
  key TEXT NOT NULL,                  -- canonical key; joins addresses.key
  own TEXT CHECK (own <> key),        -- absolute, fragment kept, where it is not its key
  url TEXT GENERATED ALWAYS AS (coalesce(own, key)) VIRTUAL
) STRICT;
INSERT INTO lean_targets (id, key, own) SELECT id, key, nullif(url, key) FROM targets;

CREATE TABLE lean_links (
  document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  block       INTEGER,                -- position of the block it stands in; null: outside any
  target_id   INTEGER NOT NULL REFERENCES lean_targets(id),
  sort        INTEGER NOT NULL CHECK (sort BETWEEN 0 AND 9),   -- 2 * rel + part, in the order of the lists below
  text        TEXT NOT NULL,          -- without the note
  note        TEXT,                   -- 'Pdf, 249 kB', cut from the text; lastmod for a sitemap entry
  rel  TEXT GENERATED ALWAYS AS (CASE sort / 2 WHEN 0 THEN 'link' WHEN 1 THEN 'attachment' WHEN 2 THEN 'feed'
         WHEN 3 THEN 'canonical' ELSE 'entry' END) VIRTUAL,    -- entry: an item of a sitemap or a feed
  part TEXT GENERATED ALWAYS AS (CASE sort % 2 WHEN 0 THEN 'main' ELSE 'rest' END) VIRTUAL,
  PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO lean_links (document_id, position, block, target_id, sort, text, note)
  SELECT document_id, position, block, target_id,
    2 * CASE rel WHEN 'link' THEN 0 WHEN 'attachment' THEN 1 WHEN 'feed' THEN 2 WHEN 'canonical' THEN 3 ELSE 4 END
      + (part = 'rest'), text, note
  FROM links;

CREATE TABLE lean_link_changes (      -- the links added, removed or renamed
  revision_id INTEGER NOT NULL REFERENCES revisions(id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  op          TEXT NOT NULL CHECK (op IN ('added', 'removed', 'renamed', 'retargeted')),
  rel         TEXT NOT NULL,          -- as in links: attachments are told apart
  target_id   INTEGER NOT NULL REFERENCES lean_targets(id),
  before_id   INTEGER REFERENCES lean_targets(id),  -- retargeted: where the same words pointed before
  text        TEXT NOT NULL,
  former      TEXT,                   -- renamed: what it said before
  note        TEXT,                   -- as in links
  PRIMARY KEY (revision_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO lean_link_changes SELECT revision_id, position, op, rel, target_id, before_id, text, former, note
  FROM link_changes;

CREATE TABLE lean_blocks (            -- a document's text, in order
  document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  sort        INTEGER NOT NULL CHECK (sort BETWEEN 0 AND 13),  -- 2 * kind + part, in the order of the lists below
  level       INTEGER,                -- 1-6 for headings, depth for list items
  passage_id  INTEGER NOT NULL REFERENCES passages(id),
  page        INTEGER,                -- of a file that has pages, from 1
  anchor      TEXT,                   -- the id by which a link reaches it: 'page.html#anchor'
  part TEXT GENERATED ALWAYS AS (CASE sort % 2 WHEN 0 THEN 'main' ELSE 'rest' END) VIRTUAL,
                                      -- main: compared; main + rest: the full text
  kind TEXT GENERATED ALWAYS AS (CASE sort / 2 WHEN 0 THEN 'title' WHEN 1 THEN 'heading' WHEN 2 THEN 'paragraph'
         WHEN 3 THEN 'list-item' WHEN 4 THEN 'table-row' WHEN 5 THEN 'quote' ELSE 'caption' END) VIRTUAL,
  PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO lean_blocks (document_id, position, sort, level, passage_id, page, anchor)
  SELECT document_id, position,
    2 * CASE kind WHEN 'title' THEN 0 WHEN 'heading' THEN 1 WHEN 'paragraph' THEN 2 WHEN 'list-item' THEN 3
      WHEN 'table-row' THEN 4 WHEN 'quote' THEN 5 ELSE 6 END + (part = 'rest'), level, passage_id, page, anchor
  FROM blocks;

DROP TABLE blocks;
DROP TABLE links;
DROP TABLE link_changes;
DROP TABLE targets;
ALTER TABLE lean_targets RENAME TO targets;
ALTER TABLE lean_links RENAME TO links;
ALTER TABLE lean_link_changes RENAME TO link_changes;
ALTER TABLE lean_blocks RENAME TO blocks;
CREATE INDEX targets_by_key ON targets(key);
CREATE INDEX targets_by_own ON targets(own) WHERE own IS NOT NULL;
CREATE INDEX links_by_target ON links(target_id);
CREATE INDEX link_changes_by_target ON link_changes(target_id);
CREATE INDEX link_changes_by_former ON link_changes(before_id) WHERE before_id IS NOT NULL;
CREATE INDEX blocks_by_passage ON blocks(passage_id);
PRAGMA legacy_alter_table = OFF;
