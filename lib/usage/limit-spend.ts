import type { Pool } from 'pg'
import type { Spent } from './limit-guard'
import { spendPeriodAt, spendPeriodOf, spendPeriods, subjectOf, type Limit } from './limit-kinds'

const hourMs = 3_600_000
/** Older hours rarely change: late records, prices set again. */
const oldFreshMs = 60_000

interface SpendLine {
  domainId: string | null
  accountId: string
  clientKeyId: string
  day: number
  week: number
  month: number
}

/**
 * What limited subjects have spent, from the ledger. The running hour and the one before are read every time, what
 * is older once a minute, so that asking twice a second costs next to nothing.
 */
export class LedgerSpend {
  private old: { lines: SpendLine[]; untilMs: number; readAtMs: number } | null = null

  constructor(private readonly pool: () => Pool) {}

  async read(limits: readonly Limit[], nowMs: number): Promise<Map<string, Spent>> {
    const wanted = limits.filter(({ metric }) => spendPeriodOf(metric) !== null)
    if (wanted.length === 0) return new Map()
    const openFromMs = Math.floor(nowMs / hourMs) * hourMs - hourMs
    const isOldUsable = this.old?.untilMs === openFromMs && nowMs - this.old.readAtMs < oldFreshMs
    if (!isOldUsable) this.old = await this.readOld(openFromMs, nowMs)
    const open = await this.readLines({ fromMs: openFromMs, toMs: nowMs + 2 * hourMs }, nowMs)
    return spentBySubject(wanted, [...(this.old?.lines ?? []), ...open])
  }

  private async readOld(untilMs: number, nowMs: number) {
    const fromMs = Math.min(...spendPeriods.map((period) => spendPeriodAt(period, nowMs).fromMs))
    return { lines: await this.readLines({ fromMs, toMs: untilMs }, nowMs), untilMs, readAtMs: nowMs }
  }

  private async readLines({ fromMs, toMs }: { fromMs: number; toMs: number }, nowMs: number): Promise<SpendLine[]> {
    const [day, week, month] = spendPeriods.map((period) => new Date(spendPeriodAt(period, nowMs).fromMs))
    const since = (parameter: string) => `coalesce(sum(u.cost) FILTER (WHERE u.hour >= ${parameter}), 0)::float8`
    const { rows } = await this.pool().query<SpendLine>(
      `SELECT d.id AS "domainId", u.account_id AS "accountId", coalesce(k.first_key_id, u.client_key_id) AS "clientKeyId",
         ${since('$3')} AS day, ${since('$4')} AS week, ${since('$5')} AS month
       FROM (SELECT hour, domain, account_id, client_key_id, sum(cost_micro_usd) AS cost FROM usage_hours
             WHERE hour >= $1 AND hour < $2 GROUP BY 1, 2, 3, 4) u
       LEFT JOIN domains d ON d.name = u.domain LEFT JOIN client_keys k ON k.id = u.client_key_id GROUP BY 1, 2, 3`,
      [new Date(fromMs), new Date(toMs), day, week, month],
    )
    return rows
  }
}

function spentBySubject(limits: readonly Limit[], lines: readonly SpendLine[]): Map<string, Spent> {
  const spent = new Map<string, Spent>(
    limits.map(({ scope, scopeId }) => [subjectOf(scope, scopeId), { day: 0, week: 0, month: 0 }]),
  )
  for (const line of lines) {
    for (const subject of subjectsOf(line)) {
      const before = spent.get(subject)
      if (!before) continue
      spent.set(subject, {
        day: before.day + line.day,
        week: before.week + line.week,
        month: before.month + line.month,
      })
    }
  }
  return spent
}

function subjectsOf({ domainId, accountId, clientKeyId }: SpendLine): string[] {
  const domain = domainId === null ? [] : [subjectOf('domain', domainId)]
  return ['all', ...domain, subjectOf('client_key', clientKeyId), subjectOf('account', accountId)]
}
