-- Prices that an admin set over the built-in price book. US dollars for a million tokens.
CREATE TABLE price_overrides (
  id uuid PRIMARY KEY,
  -- The canonical model id.
  model text NOT NULL,
  -- First day (UTC) on which the price holds.
  effective_from date NOT NULL,
  input_usd numeric(13, 6) NOT NULL CHECK (input_usd >= 0),
  output_usd numeric(13, 6) NOT NULL CHECK (output_usd >= 0),
  cache_write_5m_usd numeric(13, 6) NOT NULL CHECK (cache_write_5m_usd >= 0),
  cache_write_1h_usd numeric(13, 6) NOT NULL CHECK (cache_write_1h_usd >= 0),
  cache_read_usd numeric(13, 6) NOT NULL CHECK (cache_read_usd >= 0),
  -- Rates for long prompts and of fast mode, as JSON text.
  bands text NOT NULL DEFAULT '[]',
  fast_rates text,
  note text NOT NULL DEFAULT '',
  created_by text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX price_overrides_model_effective_from_key ON price_overrides (model, effective_from);

-- One row = one run that priced recorded requests again.
CREATE TABLE rerates (
  id uuid PRIMARY KEY,
  from_at timestamptz(3) NOT NULL,
  to_at timestamptz(3) NOT NULL,
  -- null = every model.
  model text,
  is_dry_run boolean NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'done', 'failed')),
  requests bigint NOT NULL DEFAULT 0,
  changed_requests bigint NOT NULL DEFAULT 0,
  difference_micro_usd bigint NOT NULL DEFAULT 0,
  error text,
  started_by text NOT NULL,
  started_at timestamptz(3) NOT NULL DEFAULT now(),
  finished_at timestamptz(3)
);
CREATE INDEX rerates_started_at_idx ON rerates (started_at DESC);

-- Limits and budgets of our own.
CREATE TABLE limits (
  id uuid PRIMARY KEY,
  scope text NOT NULL CHECK (scope IN ('all', 'domain', 'client_key', 'account')),
  -- Id of the domain or client key, accountId of the account, '' for all.
  scope_id text NOT NULL DEFAULT '',
  metric text NOT NULL CHECK (metric IN ('requests_per_minute', 'input_tokens_per_minute', 'concurrent_requests',
    'spend_per_day', 'spend_per_week', 'spend_per_month')),
  -- Requests, tokens, or micro-dollars.
  amount bigint NOT NULL CHECK (amount > 0),
  -- false = a budget: shown and warned about, nobody is refused.
  is_enforced boolean NOT NULL DEFAULT true,
  created_by text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX limits_scope_scope_id_metric_is_enforced_key ON limits (scope, scope_id, metric, is_enforced);

-- What each process counted in the last minute for each limited subject. Short-lived: lost counts are a minute old.
CREATE UNLOGGED TABLE limit_counts (
  process_id uuid NOT NULL,
  subject text NOT NULL,
  as_of timestamptz(3) NOT NULL,
  -- Unix time of the last second of both arrays.
  last_second bigint NOT NULL,
  requests integer[] NOT NULL,
  input_tokens bigint[] NOT NULL,
  in_flight integer NOT NULL,
  PRIMARY KEY (process_id, subject)
);

-- The last thing the upstream said about a limit of an account.
CREATE TABLE account_limits (
  account_id text NOT NULL,
  -- 5h, 7d …, requests, input-tokens …
  window_name text NOT NULL,
  status text,
  -- Share used, 0 to 1; may exceed 1.
  utilization double precision,
  amount bigint,
  remaining bigint,
  resets_at timestamptz(3),
  as_of timestamptz(3) NOT NULL,
  PRIMARY KEY (account_id, window_name)
);

-- Windows of subscription accounts that the upstream told of; kept, so that past ones can be drawn.
CREATE TABLE account_windows (
  account_id text NOT NULL,
  window_name text NOT NULL,
  resets_at timestamptz(3) NOT NULL,
  utilization double precision NOT NULL,
  status text,
  first_seen_at timestamptz(3) NOT NULL,
  as_of timestamptz(3) NOT NULL,
  PRIMARY KEY (account_id, window_name, resets_at)
);
