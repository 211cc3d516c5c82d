-- What every process has to know of an account's health, and which account a session is in.
CREATE TABLE account_health (
  account_id text PRIMARY KEY,
  cooling_until timestamptz(3),
  cooling_cause text,
  ejected_until timestamptz(3),
  consecutive_failures integer NOT NULL DEFAULT 0,
  refused_at timestamptz(3),
  last_error text,
  last_error_at timestamptz(3),
  as_of timestamptz(3) NOT NULL,
  cleared_at timestamptz(3),
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX account_health_updated_at_idx ON account_health (updated_at);

CREATE TABLE account_sessions (
  session_key bytea PRIMARY KEY,
  account_id text NOT NULL,
  moved_at timestamptz(3) NOT NULL,
  used_at timestamptz(3) NOT NULL,
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE INDEX account_sessions_updated_at_idx ON account_sessions (updated_at);

ALTER TABLE accounts
  ADD COLUMN allowed_models text[] NOT NULL DEFAULT '{}',
  ADD COLUMN token_expires_at timestamptz(3),
  ADD COLUMN can_refresh boolean NOT NULL DEFAULT false,
  ADD COLUMN refreshed_at timestamptz(3),
  ADD COLUMN imported_hash bytea;

ALTER TABLE client_keys ADD COLUMN allowed_models text[] NOT NULL DEFAULT '{}';
