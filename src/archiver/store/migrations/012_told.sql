-- By which crawls an issue of a source as a whole was told: the order in which runs are concluded no longer shows in it.

ALTER TABLE issues ADD COLUMN first_run INTEGER REFERENCES runs(id);  -- null: of a page, or told before this migration
ALTER TABLE issues ADD COLUMN last_run INTEGER REFERENCES runs(id);   -- the detail is in its words
CREATE INDEX issues_by_first_run ON issues(first_run) WHERE first_run IS NOT NULL;
CREATE INDEX issues_by_last_run ON issues(last_run) WHERE last_run IS NOT NULL;

ALTER TABLE hosts DROP COLUMN robots_id;     -- not written since 005: what a host's robots.txt says is asked of captures
ALTER TABLE hosts DROP COLUMN robots_until;
