-- A key that replaces another is limited with it: limits, and what was spent of them, belong to the whole line.
ALTER TABLE client_keys ADD COLUMN first_key_id uuid;
CREATE INDEX client_keys_first_key_id_idx ON client_keys (first_key_id);
