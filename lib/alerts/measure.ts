import { hotPool } from '@/lib/db'
import { firstIdAt } from '@/lib/ids'
import { log } from '@/lib/log'
import { isErrorSql } from '@/lib/requests/request-filter'
import { listBudgets } from '@/lib/usage/budgets'
import { spendPeriodOf } from '@/lib/usage/limit-kinds'
import type { AlertMetric } from './alert-metrics'

/** What a figure is now, and of whom. */
export interface Measurement {
  readonly value: number
  readonly subject: string | null
}
export type Measurements = ReadonlyMap<AlertMetric, Measurement>

/** A process of this installation, as far as alerts look at it. */
export interface WatchedProcess {
  readonly host: string
  readonly role: string
  /** `gone`: it ended without a word and may have left something in its journal. */
  readonly condition: 'running' | 'gone'
  readonly figures: {
    readonly pending: number
    readonly lagMs: number
    readonly diskFreeBytes: number | null
    readonly quarantined: number
    readonly droppedBodies: number
    /** Processes of older versions do not say. */
    readonly damagedBodies?: number
  }
}

/** What the processes know; handed in by boot. */
export interface AlertWorld {
  /** All of them; without a database the one that asks. */
  listProcesses(): Promise<readonly WatchedProcess[]>
}

const gigabyte = 1024 ** 3
const errorWindowMs = 15 * 60_000
const fewestRequests = 10

/** Every figure that can be measured now: without a database the lag of the recorder and the disk still can. */
export async function measureAll(world: AlertWorld, now: Date): Promise<Measurements> {
  const measures: Record<AlertMetric, () => Promise<Measurement | null>> = {
    budget_used: () => measureBudget(now),
    window_used: measureWindow,
    error_rate: () => measureErrors(now),
    accounts_needing_login: measureLogins,
    recorder_lag: async () => measureLag(await world.listProcesses()),
    record_damage: async () => measureDamage(await world.listProcesses()),
    disk_free: async () => measureDisk(await world.listProcesses()),
    storage_growth: () => measureGrowth(now),
  }
  const measured = await Promise.all(
    Object.entries(measures).map(async ([metric, measure]) => {
      const measurement = await measure().catch((error: unknown) => {
        log().debug({ error, metric }, 'a watched figure cannot be measured now')
        return null
      })
      return [metric as AlertMetric, measurement] as const
    }),
  )
  return new Map(measured.flatMap(([metric, found]) => (found ? [[metric, found] as const] : [])))
}

async function measureBudget(now: Date): Promise<Measurement> {
  const [fullest] = (await listBudgets(now)).filter(({ metric }) => spendPeriodOf(metric) !== null)
  if (!fullest) return { value: 0, subject: null }
  return {
    value: (fullest.spentMicroUsd / fullest.amount) * 100,
    subject: `${fullest.name ?? 'somebody'}, this ${fullest.period}`,
  }
}

async function measureWindow(): Promise<Measurement> {
  const { rows } = await hotPool().query<{ accountId: string; windowName: string; utilization: number }>(
    `SELECT account_id AS "accountId", window_name AS "windowName", utilization FROM account_limits
     WHERE window_name IN ('5h', '7d') AND resets_at > now() AND utilization IS NOT NULL
       AND account_id NOT IN (SELECT account_id FROM accounts WHERE deleted_at IS NOT NULL)
     ORDER BY utilization DESC LIMIT 1`,
  )
  const [fullest] = rows
  if (!fullest) return { value: 0, subject: null }
  return { value: fullest.utilization * 100, subject: `${fullest.accountId}, ${fullest.windowName} window` }
}

async function measureErrors(now: Date): Promise<Measurement> {
  const { rows } = await hotPool().query<{ requests: number; errors: number }>(
    `SELECT count(*)::int AS requests, count(*) FILTER (WHERE ${isErrorSql})::int AS errors
     FROM api_requests r WHERE r.request_id >= $1::uuid AND r.domain_id IS NOT NULL`,
    [firstIdAt(new Date(now.getTime() - errorWindowMs))],
  )
  const { requests = 0, errors = 0 } = rows[0] ?? {}
  if (requests < fewestRequests) return { value: 0, subject: null }
  return { value: (errors / requests) * 100, subject: `${errors} of ${requests} requests` }
}

async function measureLogins(): Promise<Measurement> {
  const { rows } = await hotPool().query<{ accountId: string }>(
    `SELECT a.account_id AS "accountId" FROM account_health h JOIN accounts a ON a.account_id = h.account_id
     WHERE h.refused_at IS NOT NULL AND a.deleted_at IS NULL ORDER BY 1`,
  )
  return { value: rows.length, subject: rows.map(({ accountId }) => accountId).join(', ') || null }
}

/** Of the process that is furthest behind. */
function measureLag(processes: readonly WatchedProcess[]): Measurement | null {
  const [furthest] = [...processes].sort((a, b) => b.figures.lagMs - a.figures.lagMs)
  if (!furthest) return null
  const value = furthest.figures.lagMs / 1000
  return { value, subject: value === 0 ? null : describeLag(furthest) }
}

function describeLag({ host, role, condition, figures: { pending } }: WatchedProcess): string {
  const waiting = `${pending} ${pending === 1 ? 'request' : 'requests'}`
  return condition === 'gone'
    ? `${host}, role ${role}, is gone and left its journal: start a process on its data folder`
    : `${host}, role ${role}, ${waiting} waiting`
}

function measureDamage(processes: readonly WatchedProcess[]): Measurement {
  const total = (key: 'quarantined' | 'droppedBodies' | 'damagedBodies') =>
    processes.reduce((sum, { figures }) => sum + (figures[key] ?? 0), 0)
  const kinds = [
    [total('quarantined'), 'set aside'],
    [total('droppedBodies'), 'without a body'],
    [total('damagedBodies'), 'not as they passed'],
  ] as const
  const found = kinds.filter(([count]) => count > 0)
  return {
    value: found.reduce((sum, [count]) => sum + count, 0),
    subject: found.map(([count, what]) => `${count} ${what}`).join(', ') || null,
  }
}

function measureDisk(processes: readonly WatchedProcess[]): Measurement | null {
  const known = processes.flatMap(({ host, condition, figures: { diskFreeBytes } }) =>
    condition === 'gone' || diskFreeBytes === null ? [] : [{ host, diskFreeBytes }],
  )
  const [fullest] = known.sort((a, b) => a.diskFreeBytes - b.diskFreeBytes)
  return fullest ? { value: fullest.diskFreeBytes / gigabyte, subject: fullest.host } : null
}

/** Against the oldest size that was kept in the last day, scaled to a whole one. Nothing is known of the first hour. */
async function measureGrowth(now: Date): Promise<Measurement | null> {
  const { rows } = await hotPool().query<{ bytes: number; before: number | null; hours: number | null }>(
    `SELECT pg_database_size(current_database())::float8 AS bytes, s.value AS before,
       (extract(epoch FROM $1::timestamptz - s.at) / 3600)::float8 AS hours
     FROM (SELECT 1) one LEFT JOIN LATERAL (
       SELECT at, value FROM alert_samples
       WHERE metric = '${databaseSize}' AND at BETWEEN $1::timestamptz - interval '24 hours' AND $1::timestamptz - interval '1 hour'
       ORDER BY at LIMIT 1) s ON true`,
    [now],
  )
  const [row] = rows
  if (!row || row.before === null || row.hours === null) return null
  return { value: ((row.bytes - row.before) / gigabyte) * (24 / row.hours), subject: null }
}

/** Kept among the samples for the growth; no rule watches it. */
export const databaseSize = 'database_bytes'
