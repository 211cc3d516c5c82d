-- What a client is told while an account rests: which window of its plan is used up. And an API key has limits for each
-- class of models: {"claude-opus-4.x": "2026-11-24T00:00:30+00:00"} rests for those alone.
ALTER TABLE account_health
  ADD COLUMN cooling_window text,
  ADD COLUMN model_rests jsonb NOT NULL DEFAULT '{}';
