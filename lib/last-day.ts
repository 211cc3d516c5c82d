/**
 * SQL conditions for the last 24 hours: the hours of the ledger that lie in them, and the requests of the hour that
 * their beginning cuts in two.
 */
export const lastDay = {
  ledger: `hour > now() - interval '24 hours'`,
  cutHour: `created_at > now() - interval '24 hours'
    AND created_at < date_trunc('hour', now() - interval '24 hours', 'UTC') + interval '1 hour'`,
} as const
