-- A dry run writes nothing, not even here. A run that is not heard of any more has died with its process.
ALTER TABLE rerates DROP COLUMN is_dry_run;
ALTER TABLE rerates ADD COLUMN heard_at timestamptz(3) NOT NULL DEFAULT now();
