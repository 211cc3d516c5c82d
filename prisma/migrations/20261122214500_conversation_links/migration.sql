CREATE TABLE request_links (
  request_id uuid PRIMARY KEY,
  domain_id uuid NOT NULL,
  role text NOT NULL CHECK (role IN ('turn', 'compaction', 'side')),
  session_id text,
  agent_id text NOT NULL DEFAULT '',
  parent_agent_id text,
  client_key_id uuid,
  is_subagent boolean NOT NULL,
  is_thread boolean NOT NULL,
  was_answered boolean NOT NULL,
  transcript_hash bytea,
  transcript_length integer NOT NULL,
  answer_hash bytea,
  base_request_id uuid,
  base_length integer NOT NULL DEFAULT 0,
  digests bytea NOT NULL,
  answer_digest bytea,
  wants bytea NOT NULL,
  words bigint[] NOT NULL DEFAULT '{}',
  sealed_title text,
  title_rank smallint NOT NULL DEFAULT 0,
  sealed_project text,
  sealed_git_branch text,
  node_id uuid NOT NULL,
  parent_node_id uuid,
  conversation_id uuid,
  branch_id text,
  starts_branch boolean NOT NULL DEFAULT false,
  parent_request_id uuid,
  is_subtask boolean NOT NULL DEFAULT false,
  parent_task_request_id uuid,
  task_ordinal integer,
  attempt_of uuid,
  link_reason text
) PARTITION BY RANGE (request_id);
CREATE INDEX request_links_session_idx ON request_links (domain_id, session_id, agent_id, request_id);
CREATE INDEX request_links_conversation_idx ON request_links (conversation_id, request_id);
CREATE INDEX request_links_parent_node_idx ON request_links (parent_node_id, request_id) WHERE parent_node_id IS NOT NULL;
CREATE INDEX request_links_task_idx ON request_links (parent_task_request_id, task_ordinal) WHERE task_ordinal IS NOT NULL;
CREATE INDEX request_links_words_idx ON request_links USING gin (words) WHERE words <> '{}';

CREATE TABLE link_keys (
  domain_id uuid NOT NULL,
  key bytea NOT NULL,
  request_id uuid NOT NULL,
  ordinal integer NOT NULL DEFAULT 0,
  PRIMARY KEY (domain_id, key, request_id, ordinal)
) PARTITION BY RANGE (request_id);

ALTER TABLE conversations
  ADD COLUMN side_call_count integer NOT NULL DEFAULT 0,
  ADD COLUMN error_count integer NOT NULL DEFAULT 0,
  ADD COLUMN tool_call_count integer NOT NULL DEFAULT 0,
  ADD COLUMN unpriced_count integer NOT NULL DEFAULT 0,
  ADD COLUMN input_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN output_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN cache_creation_input_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN cache_read_input_tokens bigint NOT NULL DEFAULT 0,
  ADD COLUMN context_points integer[] NOT NULL DEFAULT '{}',
  ADD COLUMN account_ids text[] NOT NULL DEFAULT '{}',
  ADD COLUMN title_rank smallint NOT NULL DEFAULT 0,
  ADD COLUMN project_directory text,
  ADD COLUMN git_branch text;
CREATE INDEX conversations_domain_id_cost_idx ON conversations (domain_id, cost_micro_usd DESC);
