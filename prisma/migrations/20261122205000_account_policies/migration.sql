-- The organisation group of an account: a call that failed may move on only inside it, unless the domain says otherwise.
ALTER TABLE accounts ADD COLUMN organization text NOT NULL DEFAULT '';

-- Where a failed call of a domain may go on: nowhere, to accounts of the same organisation group, to any of its accounts.
ALTER TABLE domains ADD COLUMN failover text NOT NULL DEFAULT 'same_organization'
  CHECK (failover IN ('off', 'same_organization', 'any'));

-- Why a key ended: a person revoked it, or the credential file that named it has gone.
ALTER TABLE client_keys ADD COLUMN revoked_reason text CHECK (revoked_reason IN ('dashboard', 'file'));
