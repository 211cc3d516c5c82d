-- What a domain lets us keep of a call: everything, all but what was said, or the figures alone.
ALTER TABLE domains DROP CONSTRAINT domains_capture_check;
ALTER TABLE domains ADD CONSTRAINT domains_capture_check CHECK (capture IN ('full', 'metadata', 'off'));

-- How long bodies and rows are kept; null = as RETENTION_DAYS says, 0 = for ever.
ALTER TABLE domains ADD COLUMN body_days integer CHECK (body_days BETWEEN 0 AND 36500);
ALTER TABLE domains ADD COLUMN row_days integer CHECK (row_days BETWEEN 0 AND 36500);

-- Starred requests and conversations outlive retention.
ALTER TABLE api_requests ADD COLUMN starred_at timestamptz(3);
ALTER TABLE conversations ADD COLUMN starred_at timestamptz(3);

-- Bodies of requests before this instant were deleted by a person.
ALTER TABLE domains ADD COLUMN bodies_erased_at timestamptz(3);
ALTER TABLE conversations ADD COLUMN bodies_erased_at timestamptz(3);

-- Raised when blocks are about to be removed: no recorder then relies on what it remembers to be there.
INSERT INTO settings (key, value) VALUES ('blocks.generation', '0');

-- One row = what a domain held on a day. Measured by a job, never while a page waits.
CREATE TABLE storage_days (
  day date NOT NULL,
  domain_id uuid NOT NULL,
  requests bigint NOT NULL,
  -- Bodies that are kept, as they were sent.
  logical_bytes bigint NOT NULL,
  blocks bigint NOT NULL,
  block_bytes bigint NOT NULL,
  recipe_bytes bigint NOT NULL,
  PRIMARY KEY (day, domain_id)
);

-- One row = one run of the retention.
CREATE TABLE sweeps (
  id uuid PRIMARY KEY,
  started_at timestamptz(3) NOT NULL DEFAULT now(),
  finished_at timestamptz(3),
  -- null = the nightly one.
  started_by text,
  freed_bytes bigint NOT NULL DEFAULT 0,
  rows bigint NOT NULL DEFAULT 0,
  bodies bigint NOT NULL DEFAULT 0,
  blocks bigint NOT NULL DEFAULT 0,
  error text
);
CREATE INDEX sweeps_started_at_idx ON sweeps (started_at DESC);
