import type { Pool } from 'pg'
import { inFlightBelievedMs, type SubjectCounts } from './limit-counters'
import type { HeldLimit, LimitGuard } from './limit-guard'
import { keptSeconds } from './minute-counts'

/** Counts of other processes that are older than this have left the minute. */
const forgottenSeconds = keptSeconds + 4

/** All limits and budgets. */
export async function loadLimits(pool: Pool): Promise<HeldLimit[]> {
  const { rows } = await pool.query<HeldLimit>(
    `SELECT id, scope, scope_id AS "scopeId", metric, amount::float8 AS amount, is_enforced AS "isEnforced",
       CASE scope WHEN 'client_key' THEN ARRAY(SELECT id FROM client_keys WHERE first_key_id = scope_id::uuid)
       ELSE '{}' END AS "laterKeyIds" FROM limits`,
  )
  return rows
}

interface OtherRow {
  subject: string
  lastSecond: number
  requests: number[]
  inputTokens: number[]
  inFlight: number
}

/**
 * One round trip: tells the other processes what this one counted since the last time, and hears what they did.
 * Called every half second or so, which bounds by how much all of them together may overshoot a limit.
 */
export async function syncCounts(pool: Pool, guard: LimitGuard, processId: string): Promise<void> {
  const sentAtMs = Date.now()
  const unpublished = guard.counters.takeUnpublished(sentAtMs)
  try {
    const { rows } = await pool.query<{ now: Date; others: OtherRow[] }>(syncSql, [
      processId,
      JSON.stringify(unpublished.map(([subject, counts]) => publishedOf(subject, counts))),
      forgottenSeconds,
      inFlightBelievedMs / 1000,
    ])
    const { now, others } = rows[0] ?? { now: new Date(), others: [] }
    guard.clockOffsetMs = now.getTime() - (sentAtMs + Date.now()) / 2
    guard.counters.setOthers(bySubject(others))
  } catch (error) {
    guard.counters.putBack(unpublished.map(([subject]) => subject))
    throw error
  }
}

/** This process leaves: nobody should wait for its running requests. */
export async function withdrawCounts(pool: Pool, processId: string): Promise<void> {
  await pool.query(`DELETE FROM limit_counts WHERE process_id = $1 OR as_of < now() - interval '10 minutes'`, [
    processId,
  ])
}

const syncSql = `
  WITH published AS (
    INSERT INTO limit_counts (process_id, subject, as_of, last_second, requests, input_tokens, in_flight)
    SELECT $1, subject, clock_timestamp(), last_second, requests, input_tokens, in_flight
    FROM jsonb_to_recordset($2::jsonb)
      AS own (subject text, last_second bigint, requests integer[], input_tokens bigint[], in_flight integer)
    ON CONFLICT (process_id, subject) DO UPDATE SET as_of = excluded.as_of, last_second = excluded.last_second,
      requests = excluded.requests, input_tokens = excluded.input_tokens, in_flight = excluded.in_flight
  )
  SELECT clock_timestamp() AS now, coalesce(json_agg(json_build_object(
      'subject', subject, 'lastSecond', last_second, 'requests', requests, 'inputTokens', input_tokens,
      'inFlight', CASE WHEN as_of > now() - make_interval(secs => $4) THEN in_flight ELSE 0 END)), '[]') AS others
  FROM limit_counts WHERE process_id <> $1 AND as_of > now() - make_interval(secs => $3)`

function publishedOf(subject: string, { requests, inputTokens, inFlight }: SubjectCounts) {
  const last_second = Math.max(requests.lastSecond, inputTokens.lastSecond)
  return {
    subject,
    last_second,
    requests: endingWith(last_second, requests),
    input_tokens: endingWith(last_second, inputTokens),
    in_flight: inFlight,
  }
}

function endingWith(second: number, { lastSecond, counts }: SubjectCounts['requests']): number[] {
  const shift = Math.min(second - lastSecond, counts.length)
  return [...counts.slice(shift), ...new Array<number>(shift).fill(0)]
}

function bySubject(rows: readonly OtherRow[]): Map<string, SubjectCounts[]> {
  const others = new Map<string, SubjectCounts[]>()
  for (const { subject, lastSecond, requests, inputTokens, inFlight } of rows) {
    const counts = {
      requests: { lastSecond, counts: requests },
      inputTokens: { lastSecond, counts: inputTokens },
      inFlight,
    }
    others.set(subject, [...(others.get(subject) ?? []), counts])
  }
  return others
}
