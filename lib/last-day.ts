import type { Parameter } from './dashboard-query'
import { idsBetween } from './ids'

const hourMs = 3_600_000

/**
 * SQL conditions for the last 24 hours: the hours of the ledger that lie in them, and the requests of the hour that
 * their beginning cuts in two.
 */
export function lastDaySql(parameter: Parameter, now = new Date()): { ledger: string; cutHour: string } {
  const from = new Date(now.getTime() - 24 * hourMs)
  const nextHour = new Date(Math.ceil(from.getTime() / hourMs) * hourMs)
  const { firstId, endId } = idsBetween(from, nextHour)
  return {
    ledger: `hour >= ${parameter(nextHour)}`,
    cutHour: `request_id >= ${parameter(firstId)} AND request_id < ${parameter(endId)}
      AND created_at >= ${parameter(from)} AND created_at < ${parameter(nextHour)}`,
  }
}
