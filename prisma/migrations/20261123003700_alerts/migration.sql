-- Rules that watch a figure, where they tell of it, and what was sent.

CREATE TABLE alert_channels (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  kind text NOT NULL,
  host text NOT NULL,
  sealed_url bytea NOT NULL,
  sealed_secret bytea,
  created_by text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  last_delivered_at timestamptz(3),
  last_error text
);

CREATE TABLE alert_rules (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  metric text NOT NULL,
  threshold double precision NOT NULL,
  repeat_minutes integer NOT NULL DEFAULT 240,
  channel_ids uuid[] NOT NULL DEFAULT '{}',
  is_enabled boolean NOT NULL DEFAULT true,
  firing_since timestamptz(3),
  notified_at timestamptz(3),
  last_value double precision,
  last_subject text,
  checked_at timestamptz(3),
  created_by text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE alert_samples (
  metric text NOT NULL,
  at timestamptz(3) NOT NULL,
  value double precision NOT NULL,
  subject text,
  PRIMARY KEY (metric, at)
);

CREATE TABLE alert_deliveries (
  id uuid PRIMARY KEY,
  at timestamptz(3) NOT NULL DEFAULT now(),
  channel_id uuid NOT NULL REFERENCES alert_channels (id) ON DELETE CASCADE,
  rule_name text NOT NULL,
  event text NOT NULL,
  attempt integer NOT NULL,
  status integer,
  error text,
  duration_ms integer NOT NULL
);
CREATE INDEX alert_deliveries_at_idx ON alert_deliveries (at DESC);
