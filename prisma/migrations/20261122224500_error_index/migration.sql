-- Errors are few and often looked for: the list of them and the groups of the overview read this index alone.
-- The condition is that of isErrorSql in lib/requests/request-filter.ts.
CREATE INDEX api_requests_errors_idx ON api_requests (request_id DESC)
  WHERE status >= 400 OR outcome NOT IN ('completed', 'client_aborted');
