-- The hash of a block is keyed by its domain: it is unique without the domain beside it.
CREATE UNIQUE INDEX blocks_hash_key ON blocks (hash);
ALTER TABLE blocks DROP CONSTRAINT blocks_pkey, ADD CONSTRAINT blocks_pkey PRIMARY KEY USING INDEX blocks_hash_key;

-- The transcript stands in request_links, where it is looked at.
ALTER TABLE api_requests DROP COLUMN transcript_hash, DROP COLUMN transcript_length;

-- A request id begins with its time: periods are found by the primary key.
DROP INDEX api_requests_created_at_idx;

-- Which requests a conversation has is told by api_requests; here only its branches are asked for.
DROP INDEX request_links_conversation_idx;
CREATE INDEX request_links_branches_idx ON request_links (conversation_id) WHERE starts_branch;

-- Sessions are long texts: a hash of them finds the same, and the text is compared afterwards.
DROP INDEX request_links_session_idx;
CREATE INDEX request_links_session_idx ON request_links (hashtextextended(session_id, 0), agent_id, request_id)
  WHERE session_id IS NOT NULL;
