-- By which crawls an issue of a source as a whole was told: the order in which runs are concluded no longer shows in it.
-- And which crawls are still to be concluded: whoever asks need not look through all that ever were.

ALTER TABLE issues ADD COLUMN first_run INTEGER REFERENCES runs(id);  -- null: of a page, or told before this migration
ALTER TABLE issues ADD COLUMN last_run INTEGER REFERENCES runs(id);   -- the detail is in its words
CREATE INDEX issues_by_first_run ON issues(first_run) WHERE first_run IS NOT NULL;
CREATE INDEX issues_by_last_run ON issues(last_run) WHERE last_run IS NOT NULL;

ALTER TABLE hosts DROP COLUMN robots_id;     -- not written since 005: what a host's robots.txt says is asked of captures
ALTER TABLE hosts DROP COLUMN robots_until;

CREATE TABLE unsettled (              -- crawls that have ended and are not in 'settled': the triggers keep it so
  run_id INTEGER PRIMARY KEY REFERENCES runs(id)
) STRICT;
INSERT INTO unsettled SELECT id FROM runs
  WHERE kind = 'crawl' AND finished_at IS NOT NULL AND id NOT IN (SELECT run_id FROM settled);
CREATE TRIGGER runs_begun_ended AFTER INSERT ON runs WHEN NEW.kind = 'crawl' AND NEW.finished_at IS NOT NULL
  BEGIN INSERT INTO unsettled VALUES (NEW.id); END;
CREATE TRIGGER runs_ended AFTER UPDATE OF finished_at ON runs WHEN NEW.kind = 'crawl' AND NEW.finished_at IS NOT NULL
  BEGIN INSERT OR IGNORE INTO unsettled VALUES (NEW.id); END;
CREATE TRIGGER settled_added AFTER INSERT ON settled
  BEGIN DELETE FROM unsettled WHERE run_id = NEW.run_id; END;
CREATE TRIGGER settled_removed AFTER DELETE ON settled WHEN EXISTS (SELECT 1 FROM runs WHERE id = OLD.run_id)
  BEGIN INSERT OR IGNORE INTO unsettled VALUES (OLD.run_id); END;
