import { setTimeout as delay } from 'node:timers/promises'
import { hotPool } from '@/lib/db'
import { log } from '@/lib/log'
import type { HeaderList } from '@/lib/proxy/ports'
import { shared } from '@/lib/shared'
import { readUpstreamLimits, type UpstreamLimit } from './read-upstream-limits'

interface Heard extends UpstreamLimit {
  readonly accountId: string
  readonly atMs: number
}

/** The last thing heard of each limit that is not written yet, by account and window. */
const unwritten = () => shared('usage.upstream-limits', () => new Map<string, Heard>())

/** Takes what an answer's headers say about the account's limits. Connect it to every attempt; it costs no database. */
export function noteUpstreamLimits(accountId: string, headers: HeaderList, atMs: number): void {
  for (const limit of readUpstreamLimits(headers)) {
    const key = `${accountId} ${limit.window}`
    const before = unwritten().get(key)
    if (!before || before.atMs <= atMs) unwritten().set(key, { ...limit, accountId, atMs })
  }
}

const writeEveryMs = 1_000

/** Writes what was heard, once a second, until the signal. What cannot be written is tried again. */
export async function keepUpstreamLimits(signal: AbortSignal): Promise<void> {
  let isTroubled = false
  for (;;) {
    try {
      await writeUpstreamLimits()
      isTroubled = false
    } catch (error) {
      if (!isTroubled) log().warn({ error }, 'what the upstream says about limits cannot be stored now')
      isTroubled = true
    }
    if (signal.aborted) return
    await delay(writeEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

export async function writeUpstreamLimits(): Promise<void> {
  const heard = [...unwritten().entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  if (heard.length === 0) return
  await hotPool().query(
    writeSql,
    columns.map(([, read]) => heard.map(([, limit]) => read(limit))),
  )
  for (const [key, limit] of heard) if (unwritten().get(key) === limit) unwritten().delete(key)
}

const dateOf = (atMs: number | null) => (atMs === null ? null : new Date(atMs))

const columns: readonly (readonly [type: string, read: (limit: Heard) => unknown])[] = [
  ['text', ({ accountId }) => accountId],
  ['text', ({ window }) => window],
  ['text', ({ status }) => status],
  ['float8', ({ utilization }) => utilization],
  ['bigint', ({ amount }) => (amount === null ? null : Math.round(amount))],
  ['bigint', ({ remaining }) => (remaining === null ? null : Math.round(remaining))],
  ['timestamptz', ({ resetsAtMs }) => dateOf(resetsAtMs)],
  ['timestamptz', ({ atMs }) => dateOf(atMs)],
]

/**
 * Other processes hear of the same accounts: the latest word wins. Windows of plans (5h, 7d …) are kept one by one,
 * told apart by the minute of their reset.
 */
const writeSql = `
  WITH heard AS (
    SELECT * FROM unnest(${columns.map(([type], index) => `$${index + 1}::${type}[]`).join(', ')})
      AS heard (account_id, window_name, status, utilization, amount, remaining, resets_at, as_of)
  ), windows AS (
    INSERT INTO account_windows AS past (account_id, window_name, resets_at, utilization, status, first_seen_at, as_of)
    SELECT account_id, window_name, date_trunc('minute', resets_at + interval '30 seconds'), utilization, status, as_of, as_of
    FROM heard WHERE window_name ~ '^[0-9]' AND utilization IS NOT NULL AND resets_at IS NOT NULL
    ON CONFLICT (account_id, window_name, resets_at) DO UPDATE SET
      utilization = greatest(past.utilization, excluded.utilization),
      status = CASE WHEN excluded.as_of >= past.as_of THEN excluded.status ELSE past.status END,
      as_of = greatest(past.as_of, excluded.as_of)
  )
  INSERT INTO account_limits AS known (account_id, window_name, status, utilization, amount, remaining, resets_at, as_of)
  SELECT * FROM heard
  ON CONFLICT (account_id, window_name) DO UPDATE SET
    status = excluded.status, utilization = excluded.utilization, amount = excluded.amount,
    remaining = excluded.remaining, resets_at = excluded.resets_at, as_of = excluded.as_of
  WHERE known.as_of <= excluded.as_of`
