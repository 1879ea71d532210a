-- Pages that a browser rendered: what it made of the body that was sent, beside it and never instead.

CREATE TABLE renderings (             -- EVIDENCE: part of its capture, and of its capture's leaf
  capture_id  INTEGER PRIMARY KEY REFERENCES captures(id),
  body_id     INTEGER REFERENCES bodies(id),        -- the page as it stood in the browser, HTML in UTF-8; null: none
  rendered_at TEXT NOT NULL,          -- when it was begun
  outcome     TEXT NOT NULL CHECK (outcome IN ('done', 'cut', 'left', 'failed')),
                                      -- done: it came to rest; cut: a limit ended it; left: it wanted to go elsewhere
  detail      TEXT,                   -- why it is not done, in words
  browser     TEXT NOT NULL,          -- 'Chromium 131.0.6778.85'; '' where none would start
  took_ms     INTEGER NOT NULL,
  requests    INTEGER NOT NULL,       -- what the page asked the network for beside itself
  CHECK ((outcome IN ('done', 'cut')) = (body_id IS NOT NULL)),
  CHECK ((outcome = 'done') = (detail IS NULL))
) STRICT;
CREATE INDEX renderings_by_body ON renderings(body_id) WHERE body_id IS NOT NULL;
CREATE TRIGGER renderings_never_change BEFORE UPDATE ON renderings
  BEGIN SELECT RAISE(ABORT, 'renderings are evidence: they are never changed'); END;
CREATE TRIGGER renderings_never_leave BEFORE DELETE ON renderings
  BEGIN SELECT RAISE(ABORT, 'renderings are evidence: they are never deleted'); END;
CREATE TRIGGER renderings_join_open_runs BEFORE INSERT ON renderings
  WHEN EXISTS (SELECT 1 FROM captures c JOIN seals s ON s.run_id = c.run_id WHERE c.id = NEW.capture_id)
  BEGIN SELECT RAISE(ABORT, 'this run is sealed: it takes no more renderings'); END;

ALTER TABLE readings ADD COLUMN body_id INTEGER REFERENCES bodies(id);   -- the rendered body that was read; null: the sent one
