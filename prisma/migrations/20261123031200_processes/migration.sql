-- Each running process of this installation, and how far its record is behind.

CREATE TABLE processes (
  id uuid PRIMARY KEY,
  -- Of the data folder, whose journal whoever comes after takes over; null = this process keeps none.
  journal_id text,
  host text NOT NULL,
  pid integer NOT NULL,
  role text NOT NULL,
  version text NOT NULL,
  started_at timestamptz(3) NOT NULL,
  seen_at timestamptz(3) NOT NULL DEFAULT now(),
  figures jsonb NOT NULL
) WITH (fillfactor = 50);
