-- The lists ask over all domains of a reader, in one order, with the id behind it: an index each that is read from its
-- end and left after a page. Nobody asked for the costs of one domain by its id.
CREATE INDEX conversations_recent_idx ON conversations (last_request_at DESC, conversation_id DESC);
CREATE INDEX conversations_cost_idx ON conversations (cost_micro_usd DESC, conversation_id DESC);
DROP INDEX conversations_last_request_at_idx;
DROP INDEX conversations_domain_id_cost_idx;
