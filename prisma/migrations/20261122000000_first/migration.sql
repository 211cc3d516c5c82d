CREATE TABLE users (
  id uuid PRIMARY KEY,
  email text NOT NULL,
  name text NOT NULL,
  password_hash text,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
  is_active boolean NOT NULL DEFAULT true,
  session_epoch integer NOT NULL DEFAULT 0,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  last_login_at timestamptz(3)
);
CREATE UNIQUE INDEX users_email_key ON users (email);

CREATE TABLE domains (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  capture text NOT NULL DEFAULT 'full' CHECK (capture IN ('full', 'metadata')),
  is_pass_through_allowed boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX domains_name_key ON domains (name);

CREATE TABLE client_keys (
  id uuid PRIMARY KEY,
  domain_id uuid NOT NULL REFERENCES domains (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  name text NOT NULL,
  hash bytea NOT NULL,
  prefix text NOT NULL,
  last4 text NOT NULL,
  source text NOT NULL DEFAULT 'dashboard' CHECK (source IN ('dashboard', 'file')),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  last_used_at timestamptz(3)
);
CREATE UNIQUE INDEX client_keys_hash_key ON client_keys (hash);
CREATE INDEX client_keys_domain_id_created_at_idx ON client_keys (domain_id, created_at DESC);

CREATE TABLE accounts (
  id uuid PRIMARY KEY,
  account_id text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('api_key', 'oauth')),
  sealed_secret bytea NOT NULL,
  last4 text NOT NULL,
  base_url text,
  source text NOT NULL DEFAULT 'dashboard' CHECK (source IN ('dashboard', 'file')),
  is_paused boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  rotated_at timestamptz(3),
  deleted_at timestamptz(3)
);
CREATE UNIQUE INDEX accounts_account_id_key ON accounts (account_id);

CREATE TABLE account_domains (
  account_uuid uuid NOT NULL REFERENCES accounts (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  domain_id uuid NOT NULL REFERENCES domains (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  position integer NOT NULL DEFAULT 0,
  weight integer NOT NULL DEFAULT 1,
  PRIMARY KEY (account_uuid, domain_id)
);
CREATE INDEX account_domains_domain_id_position_idx ON account_domains (domain_id, position);

-- Partitions of one week each are made by lib/recorder/partitions.ts: a UUIDv7 begins with its time,
-- so the primary key alone is unique over all time and retention drops whole partitions.
CREATE TABLE api_requests (
  request_id uuid PRIMARY KEY,
  created_at timestamptz(3) NOT NULL,
  domain_id uuid,
  domain text NOT NULL,
  account_id text,
  client_key_id uuid,
  method text NOT NULL,
  path text NOT NULL,
  kind text NOT NULL,
  model text,
  is_streaming boolean NOT NULL,
  status integer,
  outcome text NOT NULL CHECK (outcome IN ('completed', 'client_aborted', 'upstream_error', 'timeout', 'interrupted', 'rejected')),
  error_type text,
  response_time_ms integer,
  first_byte_ms integer,
  input_tokens bigint,
  output_tokens bigint,
  cache_creation_input_tokens bigint,
  cache_creation_1h_input_tokens bigint,
  cache_read_input_tokens bigint,
  thinking_tokens bigint,
  cost_micro_usd bigint,
  cost_confidence text NOT NULL CHECK (cost_confidence IN ('exact', 'estimated', 'partial', 'unpriced')),
  usage_json text,
  stop_reason text,
  tool_call_count integer NOT NULL DEFAULT 0,
  message_count integer NOT NULL DEFAULT 0,
  request_bytes bigint NOT NULL DEFAULT 0,
  response_bytes bigint NOT NULL DEFAULT 0,
  upstream_request_id text,
  message_id text,
  session_id text,
  agent_id text,
  parent_agent_id text,
  user_agent text,
  conversation_id uuid,
  branch_id text,
  parent_request_id uuid,
  is_subtask boolean NOT NULL DEFAULT false,
  parent_task_request_id uuid,
  attempt_of uuid,
  link_reason text,
  transcript_hash bytea,
  transcript_length integer
) PARTITION BY RANGE (request_id);
CREATE INDEX api_requests_created_at_idx ON api_requests (created_at);
CREATE INDEX api_requests_domain_id_request_id_idx ON api_requests (domain_id, request_id DESC);
CREATE INDEX api_requests_account_id_created_at_idx ON api_requests (account_id, created_at);
CREATE INDEX api_requests_conversation_id_request_id_idx ON api_requests (conversation_id, request_id);
CREATE INDEX api_requests_domain_id_transcript_hash_idx ON api_requests (domain_id, transcript_hash);

CREATE TABLE request_bodies (
  request_id uuid PRIMARY KEY,
  domain_id uuid,
  request_recipe bytea,
  request_sha256 bytea,
  request_content_type text,
  response_recipe bytea,
  response_sha256 bytea,
  response_content_type text,
  exchange_detail bytea
) PARTITION BY RANGE (request_id);
-- Recipes and details arrive compressed.
ALTER TABLE request_bodies ALTER COLUMN request_recipe SET STORAGE EXTERNAL;
ALTER TABLE request_bodies ALTER COLUMN response_recipe SET STORAGE EXTERNAL;
ALTER TABLE request_bodies ALTER COLUMN exchange_detail SET STORAGE EXTERNAL;

CREATE TABLE blocks (
  domain_id uuid NOT NULL,
  hash bytea NOT NULL,
  codec smallint NOT NULL,
  raw_bytes integer NOT NULL,
  bytes bytea NOT NULL,
  last_seen_on date NOT NULL,
  PRIMARY KEY (domain_id, hash)
);
ALTER TABLE blocks ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE usage_hours (
  hour timestamptz(3) NOT NULL,
  domain text NOT NULL,
  account_id text NOT NULL,
  client_key_id uuid NOT NULL,
  model text NOT NULL,
  kind text NOT NULL,
  requests bigint NOT NULL,
  errors bigint NOT NULL,
  input_tokens bigint NOT NULL,
  output_tokens bigint NOT NULL,
  cache_creation_input_tokens bigint NOT NULL,
  cache_read_input_tokens bigint NOT NULL,
  thinking_tokens bigint NOT NULL,
  cost_micro_usd bigint NOT NULL,
  unpriced_requests bigint NOT NULL,
  estimated_requests bigint NOT NULL,
  response_time_ms bigint NOT NULL,
  PRIMARY KEY (hour, domain, account_id, client_key_id, model, kind)
);
CREATE INDEX usage_hours_account_id_hour_idx ON usage_hours (account_id, hour);

CREATE TABLE conversations (
  conversation_id uuid PRIMARY KEY,
  domain_id uuid NOT NULL,
  domain text NOT NULL,
  title text,
  first_request_at timestamptz(3) NOT NULL,
  last_request_at timestamptz(3) NOT NULL,
  request_count integer NOT NULL DEFAULT 0,
  message_count integer NOT NULL DEFAULT 0,
  branch_count integer NOT NULL DEFAULT 0,
  subtask_count integer NOT NULL DEFAULT 0,
  compaction_count integer NOT NULL DEFAULT 0,
  models text[] NOT NULL DEFAULT '{}',
  total_tokens bigint NOT NULL DEFAULT 0,
  cost_micro_usd bigint NOT NULL DEFAULT 0,
  latest_request_id uuid,
  latest_context_tokens bigint
);
CREATE INDEX conversations_domain_id_last_request_at_idx ON conversations (domain_id, last_request_at DESC);
CREATE INDEX conversations_last_request_at_idx ON conversations (last_request_at DESC);

CREATE TABLE audit_events (
  id uuid PRIMARY KEY,
  at timestamptz(3) NOT NULL DEFAULT now(),
  actor_id uuid,
  actor text NOT NULL,
  action text NOT NULL,
  target_type text NOT NULL,
  target_id text NOT NULL,
  address text,
  detail text NOT NULL DEFAULT '{}',
  hash bytea NOT NULL
);
CREATE INDEX audit_events_at_idx ON audit_events (at DESC);

CREATE TABLE settings (
  key text PRIMARY KEY,
  value text NOT NULL,
  updated_at timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE leases (
  name text PRIMARY KEY,
  holder text NOT NULL,
  expires_at timestamptz(3) NOT NULL
);
