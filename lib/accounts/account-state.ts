import { setTimeout as delay } from 'node:timers/promises'
import { hotPool } from '@/lib/db'
import { log } from '@/lib/log'
import { accountHealth, type AccountHealth } from './account-health'
import type { CoolingCause } from './cool-down'
import { forgetPrevious } from './overlap'
import { sessionAccounts, sessionIdleMs } from './session-accounts'

/**
 * Health of accounts and places of sessions, kept equal among all processes through the database. Calls read memory
 * alone. Instants travel as distances from the database's clock, so that the clocks of the processes may differ.
 */
const syncEveryMs = 1_000
/** Rows written by a transaction that was slow to commit must not be missed. */
const overlap = `interval '15 seconds'`
const pruneEveryMs = 600_000

/** Goes on until the signal. While the database is away each process goes on with what it knows. */
export async function keepAccountState(signal: AbortSignal): Promise<void> {
  const state = new AccountState()
  let isTroubled = false
  while (!signal.aborted) {
    try {
      await state.sync()
      isTroubled = false
    } catch (error) {
      if (!isTroubled) log().warn({ error }, 'the health of accounts cannot be kept equal among processes now')
      isTroubled = true
    }
    await delay(syncEveryMs, undefined, { signal }).catch(() => undefined)
  }
  // What the last second has shown is for the next start.
  await state.save().catch(() => undefined)
}

export class AccountState {
  /** On the database's clock; null = everything is to be read. */
  private readUntil: Date | null = null
  private prunedAtMs = -Infinity

  /** Tells what this process has seen, and hears what others have. */
  async sync(): Promise<void> {
    await this.save()
    await this.load()
    if (performance.now() - this.prunedAtMs < pruneEveryMs) return
    await hotPool().query(`DELETE FROM account_sessions WHERE used_at < now() - $1 * interval '1 ms'`, [sessionIdleMs])
    await forgetPrevious()
    this.prunedAtMs = performance.now()
  }

  async save(): Promise<void> {
    await saveHealth()
    await saveSessions()
  }

  private async load(): Promise<void> {
    const { rows: clock } = await hotPool().query<{ now: Date }>('SELECT now()')
    const { rows: health } = await hotPool().query<HealthRow>(selectHealth, [this.readUntil])
    // After the answer: a pause may end a moment late, never early.
    const nowMs = Date.now()
    for (const row of health) accountHealth().learn(row.accountId, healthOf(row, nowMs))
    const { rows: sessions } = await hotPool().query<SessionRow>(selectSessions, [this.readUntil, sessionIdleMs])
    for (const { key, accountId, movedAgoMs, usedAgoMs } of sessions) {
      sessionAccounts().learn(key, { accountId, movedAtMs: nowMs - movedAgoMs, usedAtMs: nowMs - usedAgoMs })
    }
    this.readUntil = clock[0]?.now ?? null
  }
}

const agoMs = (column: string) => `(extract(epoch FROM now() - ${column}) * 1000)::float8`

interface HealthRow {
  accountId: string
  coolingAgoMs: number | null
  coolingCause: CoolingCause | null
  coolingWindow: string | null
  modelRestsAgoMs: Record<string, number>
  ejectedAgoMs: number | null
  consecutiveFailures: number
  refusedAgoMs: number | null
  lastError: string | null
  lastErrorAgoMs: number | null
  asOfAgoMs: number
}

const selectHealth = `
  SELECT account_id AS "accountId", ${agoMs('cooling_until')} AS "coolingAgoMs", cooling_cause AS "coolingCause",
    cooling_window AS "coolingWindow",
    (SELECT coalesce(jsonb_object_agg(key, ${agoMs('value::timestamptz')}), '{}') FROM jsonb_each_text(model_rests))
      AS "modelRestsAgoMs",
    ${agoMs('ejected_until')} AS "ejectedAgoMs", consecutive_failures AS "consecutiveFailures",
    ${agoMs('refused_at')} AS "refusedAgoMs", last_error AS "lastError", ${agoMs('last_error_at')} AS "lastErrorAgoMs",
    ${agoMs('as_of')} AS "asOfAgoMs"
  FROM account_health WHERE $1::timestamptz IS NULL OR updated_at > $1::timestamptz - ${overlap}`

interface SessionRow {
  key: string
  accountId: string
  movedAgoMs: number
  usedAgoMs: number
}

const selectSessions = `
  SELECT encode(session_key, 'base64') AS key, account_id AS "accountId", ${agoMs('moved_at')} AS "movedAgoMs",
    ${agoMs('used_at')} AS "usedAgoMs"
  FROM account_sessions
  WHERE ($1::timestamptz IS NULL OR updated_at > $1::timestamptz - ${overlap}) AND used_at > now() - $2 * interval '1 ms'
  ORDER BY used_at DESC LIMIT 50000`

function healthOf(row: HealthRow, nowMs: number): AccountHealth {
  const at = (ago: number | null) => (ago === null ? 0 : nowMs - ago)
  return {
    coolingUntilMs: at(row.coolingAgoMs),
    coolingCause: row.coolingCause,
    coolingWindow: row.coolingWindow,
    modelRests: distances(row.modelRestsAgoMs, nowMs),
    ejectedUntilMs: at(row.ejectedAgoMs),
    consecutiveFailures: row.consecutiveFailures,
    refusedAtMs: at(row.refusedAgoMs),
    lastError: row.lastError,
    lastErrorAtMs: at(row.lastErrorAgoMs),
    asOfMs: at(row.asOfAgoMs),
  }
}

/** Instants to distances from now, or back. */
function distances(instants: Readonly<Record<string, number>>, nowMs: number): Record<string, number> {
  return Object.fromEntries(Object.entries(instants).map(([models, atMs]) => [models, nowMs - atMs]))
}

async function saveHealth(): Promise<void> {
  const taken = accountHealth().takeUnsaved()
  if (taken.length === 0) return
  const nowMs = Date.now()
  const ago = (atMs: number) => (atMs === 0 ? null : nowMs - atMs)
  const healths = taken.map(([, health]) => health)
  try {
    await hotPool().query(upsertHealth, [
      taken.map(([accountId]) => accountId),
      healths.map(({ coolingUntilMs }) => ago(coolingUntilMs)),
      healths.map(({ coolingCause }) => coolingCause),
      healths.map(({ ejectedUntilMs }) => ago(ejectedUntilMs)),
      healths.map(({ consecutiveFailures }) => consecutiveFailures),
      healths.map(({ refusedAtMs }) => ago(refusedAtMs)),
      healths.map(({ lastError }) => lastError),
      healths.map(({ lastErrorAtMs }) => ago(lastErrorAtMs)),
      healths.map(({ asOfMs }) => nowMs - asOfMs),
      healths.map(({ coolingWindow }) => coolingWindow),
      healths.map(({ modelRests }) => JSON.stringify(distances(modelRests, nowMs))),
    ])
  } catch (error) {
    for (const [accountId] of taken) accountHealth().putBack(accountId)
    throw error
  }
}

const instant = (column: string) => `now() - seen.${column} * interval '1 ms'`
/** The later word of two processes counts. */
const later = (column: string) =>
  `${column} = CASE WHEN excluded.as_of >= known.as_of THEN excluded.${column} ELSE known.${column} END`
const ofLongerPause = (column: string) =>
  `${column} = CASE WHEN excluded.cooling_until > coalesce(known.cooling_until, '-infinity')
    THEN excluded.${column} ELSE known.${column} END`
const restsOf = (row: string) =>
  `SELECT key AS models, value::timestamptz AS until FROM jsonb_each_text(${row}.model_rests)`

/** Of two pauses the longer one counts, for each class of models, too. What was seen before the credential was replaced does not. */
const upsertHealth = `
  INSERT INTO account_health AS known (account_id, cooling_until, cooling_cause, ejected_until, consecutive_failures,
    refused_at, last_error, last_error_at, as_of, cooling_window, model_rests)
  SELECT account_id, ${instant('cooling_ago')}, cooling_cause, ${instant('ejected_ago')}, failures,
    ${instant('refused_ago')}, last_error, ${instant('error_ago')}, ${instant('as_of_ago')}, cooling_window,
    (SELECT coalesce(jsonb_object_agg(key, now() - value::float8 * interval '1 ms'), '{}') FROM jsonb_each_text(rests_ago))
  FROM unnest($1::text[], $2::float8[], $3::text[], $4::float8[], $5::int[], $6::float8[], $7::text[], $8::float8[], $9::float8[],
    $10::text[], $11::jsonb[]) AS seen (account_id, cooling_ago, cooling_cause, ejected_ago, failures, refused_ago,
      last_error, error_ago, as_of_ago, cooling_window, rests_ago)
  ORDER BY account_id
  ON CONFLICT (account_id) DO UPDATE SET
    ${ofLongerPause('cooling_cause')}, ${ofLongerPause('cooling_window')},
    model_rests = (SELECT coalesce(jsonb_object_agg(models, until), '{}') FROM (
      SELECT models, max(until) AS until FROM (${restsOf('excluded')} UNION ALL ${restsOf('known')}) AS each
      GROUP BY models HAVING max(until) > now()) AS running),
    cooling_until = greatest(excluded.cooling_until, known.cooling_until),
    ${['ejected_until', 'consecutive_failures', 'refused_at', 'last_error', 'last_error_at'].map(later).join(', ')},
    as_of = greatest(excluded.as_of, known.as_of), updated_at = clock_timestamp()
  WHERE known.cleared_at IS NULL OR excluded.as_of > known.cleared_at`

async function saveSessions(): Promise<void> {
  const nowMs = Date.now()
  const taken = sessionAccounts().takeUnsaved(nowMs)
  if (taken.length === 0) return
  try {
    await hotPool().query(upsertSessions, [
      taken.map(([key]) => Buffer.from(key, 'base64')),
      taken.map(([, { accountId }]) => accountId),
      taken.map(([, { movedAtMs }]) => nowMs - movedAtMs),
      taken.map(([, { usedAtMs }]) => nowMs - usedAtMs),
    ])
  } catch (error) {
    for (const [key] of taken) sessionAccounts().putBack(key)
    throw error
  }
}

/** The later move counts. */
const upsertSessions = `
  INSERT INTO account_sessions AS known (session_key, account_id, moved_at, used_at)
  SELECT session_key, account_id, ${instant('moved_ago')}, ${instant('used_ago')}
  FROM unnest($1::bytea[], $2::text[], $3::float8[], $4::float8[]) AS seen (session_key, account_id, moved_ago, used_ago)
  ORDER BY session_key
  ON CONFLICT (session_key) DO UPDATE SET
    account_id = CASE WHEN excluded.moved_at >= known.moved_at THEN excluded.account_id ELSE known.account_id END,
    moved_at = greatest(excluded.moved_at, known.moved_at), used_at = greatest(excluded.used_at, known.used_at),
    updated_at = clock_timestamp()`

/** Starts an account's health anew: for a new credential, or because a person says so. */
export async function clearAccountHealth(accountId: string): Promise<void> {
  await hotPool().query(
    `INSERT INTO account_health (account_id, as_of, cleared_at) VALUES ($1, now(), clock_timestamp())
     ON CONFLICT (account_id) DO UPDATE SET cooling_until = NULL, cooling_cause = NULL, cooling_window = NULL,
       model_rests = '{}', ejected_until = NULL,
       consecutive_failures = 0, refused_at = NULL, as_of = now(), cleared_at = clock_timestamp(),
       updated_at = clock_timestamp()`,
    [accountId],
  )
  accountHealth().clear(accountId)
}
