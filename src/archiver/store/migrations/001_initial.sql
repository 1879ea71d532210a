-- archive.db, the whole schema. One file, four sections, each statement run by itself inside one transaction:
--   EVIDENCE  what we asked for, what came back, what people decided about it   added, never altered
--   PLAN      what to fetch next and how gently                                altered in place
--   READING   what our rules make of the evidence                              deleted and rebuilt at will
--   SEARCH    full-text indexes over READING, kept by triggers
-- Runs on SQLite 3.40. Times are UTC text 'YYYY-MM-DDTHH:MM:SSZ' where *we* saw something; what a page
-- *says* about itself keeps the precision it was printed with ('2019-11', '2019-11-08', '2019-11-08T09:54').
-- Digests are SHA-256 as 64 lower-case hex characters. Set on every connection: foreign_keys = ON,
-- busy_timeout = 10000; once per file: journal_mode = WAL. PRAGMA application_id marks the file as ours.

PRAGMA application_id = 1098017654;   -- 'Arkv'

CREATE TABLE made_with (              -- what the file was last made with, where that is no migration
  name  TEXT PRIMARY KEY,             -- 'views': digest of the views.sql whose views stand in the file
  value TEXT NOT NULL
) STRICT;

-- EVIDENCE ------------------------------------------------------------------------------------------

CREATE TABLE sources (
  id           TEXT PRIMARY KEY,      -- stem of the config file: 'gislaved'
  code         TEXT NOT NULL,         -- kommunkod: '0662'; '' where there is none
  municipality TEXT NOT NULL,         -- 'Gislaved'
  county       TEXT NOT NULL DEFAULT '',
  language     TEXT NOT NULL,         -- language pack the source names: 'sv'
  added_at     TEXT NOT NULL
) STRICT;

CREATE TABLE rules (                  -- how we read: content-addressed, so each reading can be explained
  id       INTEGER PRIMARY KEY,
  sha256   TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
  profile  TEXT NOT NULL,             -- 'sitevision'
  language TEXT NOT NULL,             -- 'sv'
  reader   INTEGER NOT NULL,          -- number of our reading code; raised when an expected reading changes
  content  TEXT NOT NULL CHECK (json_valid(content))   -- the merged rules themselves
) STRICT;

CREATE TABLE runs (
  id          INTEGER PRIMARY KEY,
  source_id   TEXT NOT NULL REFERENCES sources(id),
  kind        TEXT NOT NULL CHECK (kind IN ('crawl', 'probe', 'import')),
                                      -- probe: known documents asked for apart from their lists; import: from a WARC
  started_at  TEXT NOT NULL,
  finished_at TEXT,                   -- null: still going, or it crashed
  ending      TEXT CHECK (ending IN ('done', 'stopped', 'budget', 'crashed')),
  program     TEXT NOT NULL,          -- 'archiver 1.2.0'
  agent       TEXT NOT NULL,          -- the User-Agent we sent; for an import, the name of its file
  note        TEXT,
  CHECK ((finished_at IS NULL) = (ending IS NULL))
) STRICT;
CREATE INDEX runs_by_source ON runs(source_id, started_at);

CREATE TABLE addresses (
  id        INTEGER PRIMARY KEY,
  source_id TEXT NOT NULL REFERENCES sources(id),   -- the source that admitted it first
  url       TEXT NOT NULL,            -- what we send, as the WHATWG rules parse it
  key       TEXT NOT NULL UNIQUE,     -- canonical key: one address per key
  host      TEXT NOT NULL,            -- the politeness lane
  role      TEXT NOT NULL CHECK (role IN ('page', 'file', 'robots', 'sitemap', 'feed', 'api')),
  depth     INTEGER NOT NULL CHECK (depth >= 0),    -- links followed from a seed
  found_on  INTEGER REFERENCES addresses(id),       -- null: a seed, or a file imported
  found_at  TEXT NOT NULL
) STRICT;
CREATE INDEX addresses_by_source ON addresses(source_id, role);
CREATE INDEX addresses_by_url ON addresses(url);
CREATE INDEX addresses_by_host ON addresses(host);
CREATE INDEX addresses_by_finder ON addresses(found_on);

CREATE TABLE headers (                -- response headers, shared by captures that differ only in volatile ones
  id      INTEGER PRIMARY KEY,
  sha256  TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
  content TEXT NOT NULL CHECK (json_valid(content))
          -- [[name, value], ...] as sent, in order; value null where the header is on the volatile list
) STRICT;

CREATE TABLE bodies (                 -- decoded payloads, each kept once
  id      INTEGER PRIMARY KEY,
  sha256  TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),   -- of the decoded payload, checked at every read
  size    INTEGER NOT NULL CHECK (size >= 0),                 -- decoded bytes
  kind    TEXT NOT NULL,              -- by the bytes, not by the label: html pdf docx odt xlsx xml json image zip other
  fate    TEXT NOT NULL CHECK (fate IN ('kept', 'digest', 'erased')),
                                      -- digest: over the size limit, only its digest was kept
  base_id INTEGER REFERENCES bodies(id),                      -- null: data is a keyframe
  chain   INTEGER NOT NULL DEFAULT 0 CHECK (chain BETWEEN 0 AND 2),   -- bases below it: 0 plain frame, 1 on one base, 2 on a keyframe that stands on a sibling
  data    BLOB NOT NULL,              -- a zstd frame, whole or patched from base_id; x'' unless kept
  CHECK ((base_id IS NULL) = (chain = 0)),
  CHECK ((fate = 'kept') = (length(data) > 0))
) STRICT;
CREATE INDEX bodies_by_base ON bodies(base_id) WHERE base_id IS NOT NULL;

CREATE TABLE captures (               -- every attempt to fetch one address, whatever came of it
  id            INTEGER PRIMARY KEY,
  address_id    INTEGER NOT NULL REFERENCES addresses(id),
  run_id        INTEGER NOT NULL REFERENCES runs(id),
  captured_at   TEXT NOT NULL CHECK (captured_at GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T[0-9][0-9]:[0-9][0-9]:[0-9][0-9]Z'),
  outcome       TEXT NOT NULL CHECK (outcome IN
                  ('ok', 'same', 'moved', 'gone', 'refused', 'failed', 'barred')),
  status        INTEGER,              -- HTTP status; null: no response, or none was asked for
  failure       TEXT CHECK (failure IN ('dns', 'connect', 'tls', 'timeout', 'reset', 'protocol',
                  'decoding', 'too-large', 'unsafe', 'robots')),   -- why there is no whole answer
  detail        TEXT,                 -- the failure in words
  location      TEXT,                 -- where 'moved' points, made absolute
  headers_id    INTEGER REFERENCES headers(id),
  volatile      TEXT CHECK (volatile IS NULL OR json_valid(volatile)),  -- values for the nulls in headers, in order
  content_type  TEXT,                 -- as sent, charset and all
  last_modified TEXT,                 -- as sent; the server's clock, a witness and nothing more
  body_id       INTEGER REFERENCES bodies(id),      -- 'same' (304) points at the earlier body
  flaw          TEXT CHECK (flaw IN ('truncated', 'bad-encoding', 'over-budget')),  -- what is wrong with the body
  wire_sha256   TEXT CHECK (wire_sha256 IS NULL OR length(wire_sha256) = 64),  -- as transferred; null: not encoded
  wire_size     INTEGER,
  elapsed_ms    INTEGER,
  peer          TEXT CHECK (peer IS NULL OR json_valid(peer)),    -- {"ip": ..., "certificate": sha256}
  robots        TEXT NOT NULL,        -- the rule that let us ask, or barred us: 'allow: no rule', 'deny: /sok'
  leaf          TEXT NOT NULL CHECK (length(leaf) = 64),          -- digest of this row, a leaf of its run's tree
  UNIQUE (address_id, captured_at),
  CHECK (outcome NOT IN ('ok', 'same') OR body_id IS NOT NULL),
  CHECK ((outcome = 'moved') = (location IS NOT NULL)),
  CHECK (outcome <> 'barred' OR (status IS NULL AND body_id IS NULL AND failure = 'robots')),
  CHECK (status IS NOT NULL OR failure IS NOT NULL)
) STRICT;
CREATE INDEX captures_by_time ON captures(captured_at);
CREATE INDEX captures_by_run  ON captures(run_id, outcome);
CREATE INDEX captures_by_body ON captures(body_id);

CREATE TABLE seals (                  -- one per finished run: nothing can be slipped in or out afterwards unseen
  id        INTEGER PRIMARY KEY,
  run_id    INTEGER NOT NULL UNIQUE REFERENCES runs(id),
  captures  INTEGER NOT NULL,         -- number of leaves
  root      TEXT NOT NULL CHECK (length(root) = 64),   -- Merkle root over the run's leaves, in capture order
  chain     TEXT NOT NULL UNIQUE CHECK (length(chain) = 64),  -- sha256(previous chain | run | captures | root)
  sealed_at TEXT NOT NULL
) STRICT;

CREATE TABLE stamps (                 -- optional outside witness of a seal (RFC 3161)
  seal_id    INTEGER NOT NULL REFERENCES seals(id),
  authority  TEXT NOT NULL,           -- URL of the time-stamping authority
  stamped_at TEXT NOT NULL,           -- the time the token states
  token      BLOB NOT NULL,           -- the reply, DER, with its certificate chain
  PRIMARY KEY (seal_id, authority)
) STRICT;

CREATE TABLE redactions (
  id          INTEGER PRIMARY KEY,
  body_id     INTEGER REFERENCES bodies(id),      -- one payload ...
  address_id  INTEGER REFERENCES addresses(id),   -- ... or every payload of an address, later ones too
  from_char   INTEGER,                -- span in the decoded text (HTML) or the read text (files); null: all
  to_char     INTEGER,
  level       TEXT NOT NULL CHECK (level IN ('hidden', 'withheld', 'erased')),
                                      -- all three: masked before reading. The raw body is closed to the public
                                      -- (hidden), to all but the keeper (withheld), or destroyed (erased)
  reason      TEXT NOT NULL,          -- a code from docs/redaction.md
  actor       TEXT NOT NULL,
  acted_at    TEXT NOT NULL,
  lifts       INTEGER REFERENCES redactions(id),  -- this row undoes that one (never an erasure)
  CHECK ((body_id IS NULL) <> (address_id IS NULL)),
  CHECK ((from_char IS NULL) = (to_char IS NULL)),
  CHECK (from_char IS NULL OR (body_id IS NOT NULL AND from_char < to_char))
) STRICT;
CREATE INDEX redactions_by_body ON redactions(body_id);
CREATE INDEX redactions_by_address ON redactions(address_id);

CREATE TABLE annotations (            -- what people said about a pair of captures
  id       INTEGER PRIMARY KEY,
  before   INTEGER NOT NULL REFERENCES captures(id),
  after    INTEGER NOT NULL REFERENCES captures(id),
  scheme   TEXT NOT NULL,             -- the coding scheme and its edition
  code     TEXT NOT NULL,
  note     TEXT,
  actor    TEXT NOT NULL,
  acted_at TEXT NOT NULL
) STRICT;
CREATE INDEX annotations_by_pair ON annotations(before, after);

CREATE TRIGGER captures_never_change BEFORE UPDATE ON captures
  BEGIN SELECT RAISE(ABORT, 'captures are evidence: they are never changed'); END;
CREATE TRIGGER captures_never_leave BEFORE DELETE ON captures
  BEGIN SELECT RAISE(ABORT, 'captures are evidence: they are never deleted'); END;
CREATE TRIGGER captures_join_open_runs BEFORE INSERT ON captures
  WHEN EXISTS (SELECT 1 FROM seals WHERE run_id = NEW.run_id)
  BEGIN SELECT RAISE(ABORT, 'this run is sealed: it takes no more captures'); END;
CREATE TRIGGER headers_never_change BEFORE UPDATE ON headers
  BEGIN SELECT RAISE(ABORT, 'headers are evidence: they are never changed'); END;
CREATE TRIGGER addresses_never_change BEFORE UPDATE ON addresses
  BEGIN SELECT RAISE(ABORT, 'addresses are evidence: they are never changed'); END;
CREATE TRIGGER seals_never_change BEFORE UPDATE ON seals
  BEGIN SELECT RAISE(ABORT, 'seals are evidence: they are never changed'); END;
CREATE TRIGGER seals_never_leave BEFORE DELETE ON seals
  BEGIN SELECT RAISE(ABORT, 'seals are evidence: they are never deleted'); END;
CREATE TRIGGER redactions_never_change BEFORE UPDATE ON redactions
  BEGIN SELECT RAISE(ABORT, 'the redaction log is only added to'); END;
CREATE TRIGGER redactions_never_leave BEFORE DELETE ON redactions
  BEGIN SELECT RAISE(ABORT, 'the redaction log is only added to'); END;
CREATE TRIGGER runs_finish_once BEFORE UPDATE ON runs
  WHEN OLD.finished_at IS NOT NULL
  BEGIN SELECT RAISE(ABORT, 'a finished run is never changed'); END;
CREATE TRIGGER bodies_keep_their_identity BEFORE UPDATE ON bodies      -- data may be packed anew, or erased
  WHEN NEW.sha256 <> OLD.sha256 OR NEW.size <> OLD.size OR NEW.kind <> OLD.kind OR OLD.fate = 'erased'
  BEGIN SELECT RAISE(ABORT, 'a body may be packed anew or erased, never altered'); END;
CREATE TRIGGER bodies_erase_from_the_tip BEFORE UPDATE ON bodies       -- others may be patched from this one
  WHEN NEW.fate <> 'kept' AND EXISTS (SELECT 1 FROM bodies WHERE base_id = OLD.id)
  BEGIN SELECT RAISE(ABORT, 'other bodies are patched from this one: pack them anew first'); END;
CREATE TRIGGER bodies_never_leave BEFORE DELETE ON bodies
  BEGIN SELECT RAISE(ABORT, 'a body may be erased, its row stays'); END;

-- PLAN ----------------------------------------------------------------------------------------------

CREATE TABLE frontier (
  address_id    INTEGER PRIMARY KEY REFERENCES addresses(id),
  source_id     TEXT NOT NULL REFERENCES sources(id),   -- these two as in addresses, where they never change;
  host          TEXT NOT NULL,                          -- here for the one index that answers "what is next?"
  rank          INTEGER NOT NULL,     -- what goes first: robots 0, sitemap and feed 1, the rest 2 + depth
  due_at        TEXT,                 -- null: retired
  failures      INTEGER NOT NULL DEFAULT 0,         -- in a row
  unchanged     INTEGER NOT NULL DEFAULT 0,         -- in a row
  body_id       INTEGER REFERENCES bodies(id),      -- latest good body: base of the next delta
  etag          TEXT,                 -- validators that belong to body_id
  last_modified TEXT
) STRICT;
CREATE INDEX frontier_due ON frontier(source_id, host, rank, due_at) WHERE due_at IS NOT NULL;

CREATE TABLE hosts (                  -- politeness survives a restart
  host         TEXT PRIMARY KEY,
  next_at      TEXT NOT NULL,         -- not before
  delay_ms     INTEGER NOT NULL,      -- in force: the longest of ours, Crawl-delay and what response times suggest
  paused_until TEXT,                  -- Retry-After, quiet hours, or too many failures
  failures     INTEGER NOT NULL DEFAULT 0,
  robots_id    INTEGER REFERENCES captures(id),     -- the robots.txt in force; null: never got one
  robots_until TEXT                   -- ask again after
) STRICT;

CREATE TABLE unread (                 -- captures that are stored and not yet read: what a kill or a rebuild left to do
  capture_id INTEGER PRIMARY KEY REFERENCES captures(id)
) STRICT;

-- READING -------------------------------------------------------------------------------------------

CREATE TABLE pages (
  id         INTEGER PRIMARY KEY,
  source_id  TEXT NOT NULL REFERENCES sources(id),
  key        TEXT NOT NULL UNIQUE,    -- identity under the profile's rule: a URL key, or host + node id
  kind       TEXT NOT NULL CHECK (kind IN ('page', 'file', 'robots', 'sitemap', 'feed', 'api')),
  section    TEXT NOT NULL DEFAULT '',              -- name of the [[section]] its path falls in
  embargo_days INTEGER                -- its text is public until so many days after it was last seen; null: always
) STRICT;
CREATE INDEX pages_by_source ON pages(source_id, section);

CREATE TABLE page_addresses (         -- one page may have several addresses
  address_id INTEGER PRIMARY KEY REFERENCES addresses(id),
  page_id    INTEGER NOT NULL REFERENCES pages(id),
  why        TEXT NOT NULL            -- rule that joined them: own, node-id, variant, host-alias, same-as
) STRICT;
CREATE INDEX page_addresses_by_page ON page_addresses(page_id);

CREATE TABLE passages (               -- every distinct block text ever read, once
  id    INTEGER PRIMARY KEY,
  hash  INTEGER NOT NULL,             -- first 8 bytes of its sha256, signed; the text itself decides
  text  TEXT NOT NULL,
  stems TEXT NOT NULL                 -- the same words stemmed in the page's language
) STRICT;
CREATE INDEX passages_by_hash ON passages(hash);

CREATE TABLE targets (                -- every URL ever linked to, once
  id  INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,           -- absolute, fragment kept
  key TEXT NOT NULL                   -- canonical key; joins addresses.key
) STRICT;
CREATE INDEX targets_by_key ON targets(key);

CREATE TABLE documents (              -- what a body says
  id          INTEGER PRIMARY KEY,
  sha256      TEXT NOT NULL UNIQUE,   -- of everything read
  core        TEXT NOT NULL CHECK (length(core) = 64),   -- of what a diff can show: decides revisions
  kind        TEXT NOT NULL,          -- html pdf docx odt xlsx feed sitemap robots other
  legible     TEXT NOT NULL CHECK (legible IN ('yes', 'partly', 'scanned', 'locked', 'no')),
                                      -- scanned: pictures of pages, no text layer; no: a kind nobody reads yet
  language    TEXT,                   -- as declared by the document, else by its source
  title       TEXT,
  published   TEXT,                   -- the claim we believe, to the precision it was made
  updated     TEXT,
  reviewed    TEXT,
  responsible TEXT,                   -- a unit or a person: never in a public view
  words       INTEGER NOT NULL,       -- in the main text
  simhash     INTEGER,                -- 64 bits, signed: near-duplicates, aliases, soft 404s
  payload     TEXT                    -- digest of the body where the document is one with its bytes (files)
) STRICT;
CREATE INDEX documents_by_core ON documents(core);
CREATE INDEX documents_by_updated ON documents(updated) WHERE updated IS NOT NULL;

-- In the two tables that get hundreds of rows a page the closed lists are spelled with OR: for an IN of more than two
-- SQLite makes a small table of its own at every row, which took half of the time of storing a page.
CREATE TABLE blocks (                 -- a document's text, in order
  document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  part        TEXT NOT NULL CHECK (part IN ('main', 'rest')),  -- main: compared; main + rest: the full text
  kind        TEXT NOT NULL CHECK (kind = 'title' OR kind = 'heading' OR kind = 'paragraph' OR kind = 'list-item'
                OR kind = 'table-row' OR kind = 'quote' OR kind = 'caption'),
  level       INTEGER,                -- 1-6 for headings, depth for list items
  passage_id  INTEGER NOT NULL REFERENCES passages(id),
  PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX blocks_by_passage ON blocks(passage_id);

CREATE TABLE links (
  document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  block       INTEGER,                -- position of the block it stands in; null: outside any
  target_id   INTEGER NOT NULL REFERENCES targets(id),
  rel         TEXT NOT NULL CHECK (rel = 'link' OR rel = 'attachment' OR rel = 'feed' OR rel = 'canonical'
                OR rel = 'entry'),    -- entry: an item of a sitemap or a feed
  part        TEXT NOT NULL CHECK (part IN ('main', 'rest')),
  text        TEXT NOT NULL,          -- without the note
  note        TEXT,                   -- 'Pdf, 249 kB', cut from the text; lastmod for a sitemap entry
  PRIMARY KEY (document_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX links_by_target ON links(target_id);

CREATE TABLE claims (                 -- what a document says about itself, believed or not
  document_id INTEGER NOT NULL REFERENCES documents(id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  meaning     TEXT NOT NULL CHECK (meaning IN
                ('published', 'updated', 'reviewed', 'created', 'responsible', 'other')),
  witness     TEXT NOT NULL CHECK (witness IN
                ('jsonld', 'meta', 'time', 'label', 'lone-date', 'url', 'file-number', 'file-property', 'feed')),
  rule        TEXT NOT NULL,          -- which row of which table read it: 'sv:Senast uppdaterad'
  label       TEXT,                   -- as printed: 'Sidan uppdaterades senast'
  raw         TEXT NOT NULL,          -- as printed: '8 nov 2019'; '' where the label had no value
  value       TEXT,                   -- '2019-11-08'; null: not understood
  precision   TEXT CHECK (precision IN ('year', 'month', 'day', 'minute', 'second')),
  place       TEXT NOT NULL,          -- where it stood: a CSS path, a meta name, a text offset
  believed    INTEGER NOT NULL CHECK (believed IN (0, 1)),
  doubt       TEXT CHECK (doubt IN ('outranked', 'no-value', 'not-understood', 'future', 'before-the-web',
                'fetch-day', 'banner', 'relative', 'misleading-label', 'contradicted')),
  PRIMARY KEY (document_id, position),
  CHECK ((believed = 1) = (doubt IS NULL)),
  CHECK ((value IS NULL) = (precision IS NULL) OR meaning IN ('responsible', 'other'))
) STRICT, WITHOUT ROWID;

CREATE TABLE readings (               -- how a capture was read: the verdict of the gate, and the document
  capture_id  INTEGER PRIMARY KEY REFERENCES captures(id),
  rules_id    INTEGER NOT NULL REFERENCES rules(id),
  verdict     TEXT NOT NULL CHECK (verdict IN ('good', 'challenge', 'login', 'soft-404', 'to-start',
                'maintenance', 'empty', 'truncated', 'wrong-kind', 'withheld', 'unread')),
                                      -- withheld: redacted in whole; unread: our reader failed, or was stopped
  reason      TEXT NOT NULL DEFAULT '',             -- which signs, in words
  document_id INTEGER REFERENCES documents(id),
  masked      INTEGER NOT NULL DEFAULT 0,           -- personal identity numbers masked on the way
  CHECK ((verdict = 'good') = (document_id IS NOT NULL))
) STRICT;
CREATE INDEX readings_by_document ON readings(document_id);
CREATE INDEX readings_by_verdict ON readings(verdict) WHERE verdict <> 'good';

CREATE TABLE revisions (              -- an unbroken run of good captures with one core; or a confirmed absence
  id            INTEGER PRIMARY KEY,
  page_id       INTEGER NOT NULL REFERENCES pages(id),
  number        INTEGER NOT NULL CHECK (number >= 1),
  state         TEXT NOT NULL CHECK (state IN ('present', 'moved', 'gone')),
  document_id   INTEGER REFERENCES documents(id),   -- the first document of the run
  core          TEXT,
  moved_to      TEXT,
  first_capture INTEGER NOT NULL REFERENCES captures(id),
  last_capture  INTEGER NOT NULL REFERENCES captures(id),
  first_seen    TEXT NOT NULL,
  last_seen     TEXT NOT NULL,
  visits        INTEGER NOT NULL DEFAULT 1,         -- captures that showed it
  UNIQUE (page_id, number),
  CHECK ((state = 'present') = (document_id IS NOT NULL)),
  CHECK ((state = 'present') = (core IS NOT NULL)),
  CHECK ((state = 'moved') = (moved_to IS NOT NULL)),
  CHECK (first_seen <= last_seen)
) STRICT;
CREATE INDEX revisions_by_time ON revisions(first_seen);
CREATE INDEX revisions_by_capture ON revisions(first_capture);
CREATE INDEX revisions_by_document ON revisions(document_id);
CREATE INDEX revisions_by_core ON revisions(page_id, core);

CREATE TABLE absences (               -- present -> suspect -> gone -> back, one row per episode
  id            INTEGER PRIMARY KEY,
  page_id       INTEGER NOT NULL REFERENCES pages(id),
  sign          TEXT NOT NULL CHECK (sign IN ('404', '410', 'soft-404', 'to-start', 'moved')),  -- the latest sign
  state         TEXT NOT NULL CHECK (state IN ('suspect', 'gone', 'back', 'blip')),
                                      -- blip: was back before it was confirmed; never reported
  last_good     INTEGER REFERENCES captures(id),    -- null: it was never seen well
  first_missed  INTEGER NOT NULL REFERENCES captures(id),
  last_missed   INTEGER NOT NULL REFERENCES captures(id),
  misses        INTEGER NOT NULL,
  confirmed_by  INTEGER REFERENCES captures(id),    -- the visit that made it 'gone'
  back_by       INTEGER REFERENCES captures(id),
  still_linked  INTEGER NOT NULL DEFAULT 0 CHECK (still_linked IN (0, 1)),  -- some current page links to it
  CHECK ((state IN ('gone', 'back')) = (confirmed_by IS NOT NULL)),
  CHECK ((state IN ('back', 'blip')) = (back_by IS NOT NULL))
) STRICT;
CREATE INDEX absences_by_page ON absences(page_id);
CREATE INDEX absences_by_state ON absences(state);

CREATE TABLE events (                 -- one thing that happened to many pages at once
  id         INTEGER PRIMARY KEY,
  source_id  TEXT NOT NULL REFERENCES sources(id),
  kind       TEXT NOT NULL CHECK (kind IN ('site-wide', 'bulk-stamp', 'migration')),
  key        TEXT NOT NULL,           -- digest of the shared hunk; the shared stamp; the old and new URL pattern
  first_seen TEXT NOT NULL,
  last_seen  TEXT NOT NULL,
  pages      INTEGER NOT NULL,
  summary    TEXT NOT NULL,
  UNIQUE (source_id, kind, key, first_seen)
) STRICT;

CREATE TABLE changes (                -- revision n-1 to n, measured per kind; a kind that did not change has no row
  revision_id INTEGER NOT NULL REFERENCES revisions(id) ON DELETE CASCADE,
  kind        TEXT NOT NULL,          -- text links title published updated reviewed responsible attachments state payload
  added       INTEGER NOT NULL,       -- words, links, attachments; 1 for a field
  removed     INTEGER NOT NULL,
  before      TEXT,                   -- for single fields; null for text, links, responsible
  after       TEXT,
  summary     TEXT NOT NULL,          -- one line for a feed; never a person's name
  PRIMARY KEY (revision_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE change_classes (         -- what sort of change it is; one revision may be several
  revision_id INTEGER NOT NULL REFERENCES revisions(id) ON DELETE CASCADE,
  class       TEXT NOT NULL CHECK (class IN ('edit', 'silent-edit', 'touch', 'date-regression',
                'backdated-publication', 'flap', 'bulk-stamp', 'site-wide', 'disappearance', 'return', 'technical')),
  reason      TEXT NOT NULL,          -- the facts that make it so, in words
  event_id    INTEGER REFERENCES events(id) ON DELETE SET NULL,
  PRIMARY KEY (revision_id, class)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_classes_by_class ON change_classes(class);
CREATE INDEX change_classes_by_event ON change_classes(event_id) WHERE event_id IS NOT NULL;

CREATE TABLE reasons (                -- why a change may matter: named, each with its points from config/significance.toml
  revision_id INTEGER NOT NULL REFERENCES revisions(id) ON DELETE CASCADE,
  name        TEXT NOT NULL,          -- amount-changed, document-unlinked, paragraph-removed, only-spelling, ...
  points      INTEGER NOT NULL,       -- may be negative
  detail      TEXT NOT NULL,
  PRIMARY KEY (revision_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE hunks (                  -- the very words added or removed
  id          INTEGER PRIMARY KEY,
  revision_id INTEGER NOT NULL REFERENCES revisions(id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  op          TEXT NOT NULL CHECK (op IN ('added', 'removed', 'moved')),
  before_id   INTEGER REFERENCES passages(id),      -- the block it was in, for context
  after_id    INTEGER REFERENCES passages(id),
  text        TEXT NOT NULL,
  stems       TEXT NOT NULL,
  UNIQUE (revision_id, position, op),
  CHECK (op <> 'added' OR after_id IS NOT NULL),
  CHECK (op <> 'removed' OR before_id IS NOT NULL)
) STRICT;
CREATE INDEX hunks_by_before ON hunks(before_id) WHERE before_id IS NOT NULL;   -- these three: is it still used?
CREATE INDEX hunks_by_after ON hunks(after_id) WHERE after_id IS NOT NULL;

CREATE TABLE link_changes (           -- the links added, removed or renamed
  revision_id INTEGER NOT NULL REFERENCES revisions(id) ON DELETE CASCADE,
  position    INTEGER NOT NULL,
  op          TEXT NOT NULL CHECK (op IN ('added', 'removed', 'renamed', 'retargeted')),
  rel         TEXT NOT NULL,          -- as in links: attachments are told apart
  target_id   INTEGER NOT NULL REFERENCES targets(id),
  before_id   INTEGER REFERENCES targets(id),       -- retargeted: where the same words pointed before
  text        TEXT NOT NULL,
  former      TEXT,                   -- renamed: what it said before
  note        TEXT,                   -- as in links
  PRIMARY KEY (revision_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_changes_by_target ON link_changes(target_id);
CREATE INDEX link_changes_by_former ON link_changes(before_id) WHERE before_id IS NOT NULL;

CREATE TABLE notices (                -- site-wide banners: the site's words, not the page's
  id            INTEGER PRIMARY KEY,
  source_id     TEXT NOT NULL REFERENCES sources(id),
  sha256        TEXT NOT NULL CHECK (length(sha256) = 64),
  text          TEXT NOT NULL,
  first_capture INTEGER NOT NULL REFERENCES captures(id),
  last_capture  INTEGER NOT NULL REFERENCES captures(id),
  first_seen    TEXT NOT NULL,
  last_seen     TEXT NOT NULL,
  pages         INTEGER NOT NULL DEFAULT 1,         -- on how many pages it stood
  UNIQUE (source_id, sha256, first_seen)
) STRICT;

CREATE TABLE notice_pages (           -- the pages counted in notices.pages
  notice_id INTEGER NOT NULL REFERENCES notices(id) ON DELETE CASCADE,
  page_id   INTEGER NOT NULL REFERENCES pages(id),
  PRIMARY KEY (notice_id, page_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_pages_by_page ON notice_pages(page_id);

CREATE TABLE issues (                 -- what a person should look at
  id         INTEGER PRIMARY KEY,
  source_id  TEXT NOT NULL REFERENCES sources(id),
  page_id    INTEGER REFERENCES pages(id),
  capture_id INTEGER REFERENCES captures(id),
  kind       TEXT NOT NULL,           -- the list is in DESIGN.md 11
  detail     TEXT NOT NULL
) STRICT;
CREATE INDEX issues_by_source ON issues(source_id, kind);
CREATE INDEX issues_by_page ON issues(page_id, kind) WHERE page_id IS NOT NULL;
CREATE INDEX issues_by_capture ON issues(capture_id) WHERE capture_id IS NOT NULL;

-- SEARCH --------------------------------------------------------------------------------------------
-- Two columns each: 'text' for the exact words, 'stems' for every form of them. å, ä and ö are letters of
-- their own (remove_diacritics 0). User input goes through a quoting function, never straight into MATCH.

CREATE VIRTUAL TABLE passages_fts USING fts5(
  text, stems, content = 'passages', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 0");
CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN
  INSERT INTO passages_fts(rowid, text, stems) VALUES (NEW.id, NEW.text, NEW.stems);
END;
CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
  INSERT INTO passages_fts(passages_fts, rowid, text, stems) VALUES ('delete', OLD.id, OLD.text, OLD.stems);
END;
CREATE TRIGGER passages_never_change BEFORE UPDATE ON passages
  BEGIN SELECT RAISE(ABORT, 'a passage is its text: add another'); END;

CREATE VIRTUAL TABLE hunks_fts USING fts5(
  text, stems, content = 'hunks', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 0");
CREATE TRIGGER hunks_added AFTER INSERT ON hunks BEGIN
  INSERT INTO hunks_fts(rowid, text, stems) VALUES (NEW.id, NEW.text, NEW.stems);
END;
CREATE TRIGGER hunks_removed AFTER DELETE ON hunks BEGIN
  INSERT INTO hunks_fts(hunks_fts, rowid, text, stems) VALUES ('delete', OLD.id, OLD.text, OLD.stems);
END;
CREATE TRIGGER hunks_never_change BEFORE UPDATE ON hunks
  BEGIN SELECT RAISE(ABORT, 'a hunk is never changed: derive the page again'); END;
