-- Keys are keyed hashes, different in every domain: 64 bits and no domain beside them find the same.
DROP TABLE link_keys;
CREATE TABLE link_keys (
  key bigint NOT NULL,
  request_id uuid NOT NULL,
  ordinal integer NOT NULL DEFAULT 0,
  PRIMARY KEY (key, request_id, ordinal)
) PARTITION BY RANGE (request_id);

-- What follows from other columns is not stored: the node is the first attempt, the answer's hash is the
-- transcript's rolled on, the reason stands in api_requests.
DROP INDEX request_links_words_idx;
ALTER TABLE request_links DROP COLUMN words, DROP COLUMN node_id, DROP COLUMN answer_hash, DROP COLUMN link_reason;
ALTER TABLE request_links ADD COLUMN words integer[] NOT NULL DEFAULT '{}';
CREATE INDEX request_links_words_idx ON request_links USING gin (words)
  WITH (gin_pending_list_limit = 128) WHERE words <> '{}';
DROP INDEX request_links_session_idx;
CREATE INDEX request_links_session_idx ON request_links (session_id, agent_id, request_id)
  WHERE session_id IS NOT NULL;

-- Linking looks transcripts up in link_keys.
DROP INDEX api_requests_domain_id_transcript_hash_idx;
