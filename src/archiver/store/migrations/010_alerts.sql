-- Alerts: what people were told of and what is on its way to them. Neither evidence nor reading: altered in place, and
-- untouched by a rebuild. Who they are and what they were told stands in the configuration and in the public views, and
-- here is neither an address nor a word of a page.

CREATE TABLE alerts (                 -- where an alert stands; one that is not here yet has looked at nothing
  name  TEXT PRIMARY KEY,             -- stem of its file
  since TEXT NOT NULL,                -- what was seen before this is never told
  upto  INTEGER NOT NULL              -- runs up to this one were looked at, but for those that follow
) STRICT;

CREATE TABLE alert_runs (             -- runs that were not over, or not wholly read, when the alert looked last
  alert  TEXT NOT NULL REFERENCES alerts(name),
  run_id INTEGER NOT NULL REFERENCES runs(id),
  PRIMARY KEY (alert, run_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert_changes (          -- what is told, or will be: once. A change is its two captures, which no rebuild moves
  alert    TEXT NOT NULL REFERENCES alerts(name),
  after    INTEGER NOT NULL REFERENCES captures(id),
  before   INTEGER NOT NULL REFERENCES captures(id),
  found_at TEXT NOT NULL,             -- end of the run that showed it; it is told at the first hour to tell after that
  batch    INTEGER,                   -- told together; null: waits for that hour
  PRIMARY KEY (alert, after, before)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_changes_by_batch ON alert_changes(batch, alert);
CREATE INDEX alert_changes_waiting ON alert_changes(alert, found_at) WHERE batch IS NULL;

CREATE TABLE alert_messages (         -- one batch for one receiver
  id       INTEGER PRIMARY KEY,
  key      TEXT NOT NULL UNIQUE CHECK (length(key) = 64),
                                      -- digest of alert, changes and receiver: Message-ID and Idempotency-Key, at every try
  alert    TEXT NOT NULL REFERENCES alerts(name),
  batch    INTEGER NOT NULL,
  receiver TEXT NOT NULL,             -- 'mail 1f0c…': the way, and the digest of the address
  made_at  TEXT NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('due', 'sending', 'sent', 'unsure', 'failed', 'dropped')),
                                      -- sending: noted before the first byte leaves. unsure: it may have arrived, and is
                                      -- not sent again unless somebody says so. failed: given up
  tries    INTEGER NOT NULL DEFAULT 0,
  due_at   TEXT NOT NULL,             -- not before
  tried_at TEXT,
  trouble  TEXT                       -- of the last try, in words of ours: a server's may name people
) STRICT;
CREATE INDEX alert_messages_by_alert ON alert_messages(alert, state, due_at);
CREATE INDEX absences_by_confirmer ON absences(confirmed_by) WHERE confirmed_by IS NOT NULL;
