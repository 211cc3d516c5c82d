-- One row = one login of a user; the cookie only names it, so ending the row ends the login.
CREATE TABLE user_sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  -- Equal to users.session_epoch, or the session is over.
  epoch integer NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  last_seen_at timestamptz(3) NOT NULL DEFAULT now(),
  ended_at timestamptz(3),
  address text,
  user_agent text
);
CREATE INDEX user_sessions_user_id_idx ON user_sessions (user_id, created_at DESC);

-- The order of the hash chain: clocks of several processes cannot give one.
ALTER TABLE audit_events ADD COLUMN sequence bigint GENERATED ALWAYS AS IDENTITY;
CREATE UNIQUE INDEX audit_events_sequence_key ON audit_events (sequence);
