-- The audit log is written to at its end and nowhere else: a statement that changes, removes or empties it fails,
-- whoever sends it. An administrator of the database can still switch these triggers off; the chain shows it then.

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is not changed (%)', lower(TG_OP) USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_events_keep BEFORE UPDATE OR DELETE ON audit_events
  FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();

CREATE TRIGGER audit_events_keep_all BEFORE TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
