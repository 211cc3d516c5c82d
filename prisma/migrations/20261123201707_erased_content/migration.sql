-- Deleted content must not come back with what is recorded late: every batch asks for the newest deletion, and a
-- batch that is older than it for the deletions since.
CREATE INDEX conversations_erased_idx ON conversations (bodies_erased_at) WHERE bodies_erased_at IS NOT NULL;
