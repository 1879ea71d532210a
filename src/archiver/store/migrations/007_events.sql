-- What happened to many pages at once knows its run; why a change is what it is, as data beside the words; people who
-- came and went; more classes.

ALTER TABLE events ADD COLUMN run_id INTEGER REFERENCES runs(id);   -- the crawl in which it was seen
ALTER TABLE events ADD COLUMN seen INTEGER;                         -- pages seen then, that it could have happened to
CREATE INDEX events_by_run ON events(run_id);

-- A wider list in a CHECK is another table. (legacy: the views over the old one stand by.)
PRAGMA legacy_alter_table = ON;
CREATE TABLE wider_classes (          -- what sort of change it is; one revision may be several
  revision_id INTEGER NOT NULL REFERENCES revisions(id) ON DELETE CASCADE,
  class       TEXT NOT NULL CHECK (class IN ('edit', 'silent-edit', 'touch', 'date-regression',
                'backdated-publication', 'late-date', 'flap', 'replaced-document', 'personnel', 'bulk-stamp',
                'site-wide', 'unlinked-document', 'relinked-document', 'disappearance', 'move', 'return',
                'technical')),
  reason      TEXT NOT NULL,          -- the facts that make it so, in English
  grounds     TEXT CHECK (grounds IS NULL OR json_valid(grounds)),
                                      -- the same as data: [[code, what it is about ...], ...]; null: words alone
  event_id    INTEGER REFERENCES events(id) ON DELETE SET NULL,
  folded      INTEGER NOT NULL DEFAULT 0 CHECK (folded IN (0, 1)),
                                      -- the event is all there is to it: lists tell it once, with the number of pages
  PRIMARY KEY (revision_id, class)
) STRICT, WITHOUT ROWID;
INSERT INTO wider_classes (revision_id, class, reason, event_id)
  SELECT revision_id, class, reason, event_id FROM change_classes;
DROP TABLE change_classes;
ALTER TABLE wider_classes RENAME TO change_classes;
PRAGMA legacy_alter_table = OFF;
CREATE INDEX change_classes_by_class ON change_classes(class);
CREATE INDEX change_classes_by_event ON change_classes(event_id) WHERE event_id IS NOT NULL;

ALTER TABLE reasons ADD COLUMN grounds TEXT CHECK (grounds IS NULL OR json_valid(grounds));   -- as above

ALTER TABLE hunks ADD COLUMN person INTEGER NOT NULL DEFAULT 0 CHECK (person IN (0, 1));
                                      -- stands in a row of somebody who left, joined or changed places: never public

CREATE TABLE personnel (              -- who left, joined or changed places in a list or table of people
  revision_id INTEGER NOT NULL REFERENCES revisions(id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  op          TEXT NOT NULL CHECK (op IN ('left', 'joined', 'role', 'party')),
  name        TEXT NOT NULL,          -- never in a public view
  role        TEXT,                   -- as printed; for 'left' the last one
  party       TEXT,
  former      TEXT,                   -- of 'role' and 'party': what it was before
  PRIMARY KEY (revision_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX link_changes_of_files ON link_changes(target_id, op) WHERE rel = 'attachment';
                                      -- whether something still links to a document
