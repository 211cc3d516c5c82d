import { noDomainId } from '@/lib/blocks/domain-keys'
import { dashboardPool } from '@/lib/db'
import { env } from '@/lib/env'
import { firstNeededDay, markedDay } from './collect-blocks'
import { expiryOf, isNothingExpired, keptDays, keptFrom, type KeptDays } from './expiry'
import { listPolicies } from './policies'
import type { Swept } from './sweep'
import { countWeek, endOf, listWeeks, type Week } from './weeks'

/** What the next sweep will remove, by the policies as they stand. */
export async function previewSweep(nowMs: number): Promise<Swept> {
  const policies = await listPolicies()
  const days = env().RETENTION_DAYS
  const bodyDays = keptDays(policies, 'bodies', days)
  const rowDays = keptDays(policies, 'rows', days)
  const weeks = await listWeeks(dashboardPool())
  const of = (table: string) => weeks.filter((week) => week.table === table)
  const [rows, bodies, links, keys, blocks] = await Promise.all([
    previewWeeks(of('api_requests'), rowDays, nowMs),
    previewWeeks(of('request_bodies'), bodyDays, nowMs),
    previewWeeks(of('request_links'), rowDays, nowMs),
    previewWeeks(of('link_keys'), rowDays, nowMs),
    previewBlocks(bodyDays, nowMs),
  ])
  const freedBytes = rows.bytes + bodies.bytes + links.bytes + keys.bytes + blocks.bytes
  return { rows: rows.rows, bodies: bodies.rows, blocks: blocks.blocks, freedBytes: Math.round(freedBytes) }
}

/** A week gives back the share of its bytes that its expired rows have. */
async function previewWeeks(weeks: readonly Week[], kept: KeptDays, nowMs: number) {
  const total = { rows: 0, bytes: 0 }
  for (const week of weeks) {
    const expiry = expiryOf(kept, endOf(week).getTime(), nowMs)
    if (isNothingExpired(expiry)) continue
    const { total: all, staying } = await countWeek(dashboardPool(), week, expiry)
    total.rows += all - staying
    if (all > 0) total.bytes += (week.bytes * (all - staying)) / all
  }
  return total
}

/** Blocks that only expired bodies were seen with. Those that a starred body keeps are counted in: to know them all is work for the sweep. */
async function previewBlocks({ byDomain, others }: KeptDays, nowMs: number) {
  const due = [...byDomain, [noDomainId, others] as const].flatMap(([domainId, days]) => {
    const from = keptFrom(days, nowMs)
    return from ? [{ domainId, firstDay: firstNeededDay(from) }] : []
  })
  const { rows } = await dashboardPool().query<{ blocks: number; bytes: number }>(
    `SELECT count(*)::float8 AS blocks, coalesce(sum(pg_column_size(bytes)), 0)::float8 AS bytes
     FROM blocks JOIN unnest($1::uuid[], $2::date[]) AS due (domain_id, first_day) USING (domain_id)
     WHERE last_seen_on < first_day AND last_seen_on > '${markedDay}'`,
    [due.map(({ domainId }) => domainId), due.map(({ firstDay }) => firstDay)],
  )
  return rows[0] ?? { blocks: 0, bytes: 0 }
}
