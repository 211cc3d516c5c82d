-- When the user last proved who they are: at the login, or again since.
ALTER TABLE user_sessions ADD COLUMN proved_at timestamptz(3) NOT NULL DEFAULT now();
UPDATE user_sessions SET proved_at = created_at;

-- A second factor counts from its confirmation on; a code counts once.
ALTER TABLE users
  ADD COLUMN sealed_totp_secret bytea,
  ADD COLUMN totp_confirmed_at timestamptz(3),
  ADD COLUMN totp_last_step bigint NOT NULL DEFAULT 0,
  ADD COLUMN oidc_subject text;
CREATE UNIQUE INDEX users_oidc_subject_key ON users (oidc_subject);

CREATE TABLE recovery_codes (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
  hash bytea NOT NULL,
  used_at timestamptz(3),
  PRIMARY KEY (user_id, hash)
);

CREATE TABLE domain_grants (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE ON UPDATE CASCADE,
  domain_id uuid NOT NULL REFERENCES domains (id) ON DELETE CASCADE ON UPDATE CASCADE,
  PRIMARY KEY (user_id, domain_id)
);
CREATE INDEX domain_grants_domain_id_idx ON domain_grants (domain_id);

CREATE TABLE invitations (
  id uuid PRIMARY KEY,
  email text NOT NULL,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
  domain_ids uuid[] NOT NULL DEFAULT '{}',
  token_hash bytea NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  accepted_at timestamptz(3),
  withdrawn_at timestamptz(3)
);
CREATE UNIQUE INDEX invitations_token_hash_key ON invitations (token_hash);

ALTER TABLE domains ADD COLUMN body_readers text NOT NULL DEFAULT 'members'
  CHECK (body_readers IN ('owner', 'members', 'all'));

ALTER TABLE client_keys ADD COLUMN owner_id uuid REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX client_keys_owner_id_idx ON client_keys (owner_id) WHERE owner_id IS NOT NULL;
