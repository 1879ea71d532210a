-- The runs of a source by their end: a service begins a run for whatever is due, and has had many thousands in a year.

CREATE INDEX runs_by_source ON runs(source_id, kind, finished_at);
