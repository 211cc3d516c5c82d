-- While the credential of an account is being replaced, the one before is kept for a while.

ALTER TABLE accounts
  ADD COLUMN sealed_previous bytea,
  ADD COLUMN previous_last4 text,
  ADD COLUMN previous_until timestamptz(3);
