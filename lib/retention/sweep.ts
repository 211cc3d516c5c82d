import type { Client } from 'pg'
import { classifyFault } from '@/lib/database-fault'
import { prisma } from '@/lib/prisma'
import { env } from '@/lib/env'
import { newId } from '@/lib/ids'
import { log, maskSecrets } from '@/lib/log'
import { outlastOutage } from '@/lib/outlast-outage'
import { completeSinceSetting } from '@/lib/usage/kept-since'
import { recordAudit } from '@/lib/users/audit'
import type { Doer } from '@/lib/users/doer'
import { deleteBlocks, spareStarred, type DueBlocks } from './collect-blocks'
import { isEverythingExpired, isNothingExpired, keptDays, keptFrom, expiryOf, type KeptDays } from './expiry'
import { finishErasures } from './finish-erasures'
import { asOnlyJob, isLockTimeout } from './job-client'
import { listPolicies } from './policies'
import { shrinkWeek } from './shrink-week'
import { sweepLock } from './sweep-lock'
import { countWeek, endOf, listWeeks } from './weeks'

/** What one run of the retention removed. */
export interface Swept {
  /** Given back to the disk (whole weeks), or to the next blocks. */
  readonly freedBytes: number
  readonly rows: number
  readonly bodies: number
  readonly blocks: number
}

/** `api_requests` last: it says what is starred. */
const rowTables = ['link_keys', 'request_links', 'api_requests']
const conversationsAtOnce = 1_000

/** Removes everything that has expired. null = another process is at it. */
export async function sweep(startedBy: string | null, nowMs = Date.now()): Promise<Swept | null> {
  return asOnlyJob(sweepLock, async (client) => {
    await endOthers()
    const id = newId()
    await prisma().sweep.create({ data: { id, startedBy } })
    try {
      const swept = await sweepAll(client, nowMs)
      await noteEnd(id, swept)
      log().info(swept, 'swept what has expired')
      return swept
    } catch (error) {
      await noteEnd(id, { error: reasonOf(error) }).catch((failure: unknown) =>
        log().error({ error: failure }, 'that a sweep failed could not be noted'),
      )
      throw error
    }
  })
}

function reasonOf(error: unknown): string {
  if (classifyFault(error) === 'outage') return 'The database was away. The next sweep goes on.'
  if (isLockTimeout(error))
    return 'Something else held the tables, such as a backup or a long query. Sweep again when it has ended.'
  return maskSecrets(error instanceof Error ? error.message : String(error))
}

/** A sweep may fail because the database went away: how it ended is noted when that is back. */
async function noteEnd(id: string, ended: Swept | { readonly error: string }): Promise<void> {
  const data = { ...ended, finishedAt: new Date() }
  await outlastOutage(() => prisma().sweep.update({ where: { id }, data }))
}

/** Sweeps that no process is at any more would be under way for ever. */
export async function endBrokenSweeps(): Promise<void> {
  await asOnlyJob(sweepLock, endOthers)
}

/** Under the lock: whoever began one and did not end it has gone. */
async function endOthers(): Promise<void> {
  const data = { finishedAt: new Date(), error: 'Its process ended in the middle. The next sweep goes on.' }
  await prisma().sweep.updateMany({ where: { finishedAt: null }, data })
}

/** Begins a sweep that a person asked for; how it ends stands in the list of sweeps. */
export async function startSweep(by: Doer): Promise<void> {
  await recordAudit(prisma(), { ...by, action: 'retention.sweep', targetType: 'record', targetId: 'all' })
  void sweep(by.actor.name).catch((error: unknown) => log().error({ error }, 'a sweep failed'))
}

async function sweepAll(client: Client, nowMs: number): Promise<Swept> {
  const policies = await listPolicies()
  const days = env().RETENTION_DAYS
  const bodyDays = keptDays(policies, 'bodies', days)
  const bodies = await sweepWeeks(client, { tables: ['request_bodies'], kept: bodyDays, nowMs })
  const rows = await sweepWeeks(client, { tables: rowTables, kept: keptDays(policies, 'rows', days), nowMs })
  await sweepConversations(client, keptDays(policies, 'rows', days), nowMs)
  const blocks = await sweepBlocks(client, bodyDays, nowMs)
  const erased = await finishErasures(client, nowMs)
  return {
    rows: rows.rows,
    bodies: bodies.rows,
    blocks: blocks.blocks + erased.blocks,
    freedBytes: Math.round(bodies.bytes + rows.bytes + blocks.bytes + erased.bytes),
  }
}

interface WeeksToSweep {
  readonly tables: readonly string[]
  readonly kept: KeptDays
  readonly nowMs: number
}

async function sweepWeeks(client: Client, { tables, kept, nowMs }: WeeksToSweep) {
  const before = await listWeeks(client, tables)
  let rows = 0
  for (const week of before.toSorted((one, other) => tables.indexOf(one.table) - tables.indexOf(other.table))) {
    const expiry = expiryOf(kept, endOf(week).getTime(), nowMs)
    if (isNothingExpired(expiry)) continue
    const { total, staying } = await countWeek(client, week, expiry)
    if (total > staying || (total === 0 && isEverythingExpired(expiry))) {
      // Before: whatever breaks off behind the week, no figures are computed from what is left of it.
      if (week.table === 'api_requests' && total > staying) await noteIncomplete(client, endOf(week))
      const gone = await shrinkWeek(client, week, expiry)
      if (week.table === 'api_requests' || week.table === 'request_bodies') rows += gone
    }
  }
  const after = await listWeeks(client, tables)
  return { rows, bytes: sumBytes(before) - sumBytes(after) }
}

const sumBytes = (weeks: readonly { readonly bytes: number }[]) => weeks.reduce((total, { bytes }) => total + bytes, 0)

async function noteIncomplete(client: Client, until: Date): Promise<void> {
  await client.query(
    `INSERT INTO settings (key, value) VALUES ($1, $2)
     ON CONFLICT (key) DO UPDATE SET value = greatest(settings.value, excluded.value), updated_at = now()`,
    [completeSinceSetting, until.toISOString()],
  )
}

/** Conversations of which no request is left; domains keep theirs as long as their rows. */
async function sweepConversations(client: Client, { byDomain }: KeptDays, nowMs: number): Promise<void> {
  for (const [domainId, days] of byDomain) {
    const from = keptFrom(days, nowMs)
    for (let gone = from ? conversationsAtOnce : 0; gone === conversationsAtOnce;) {
      const { rowCount } = await client.query(
        `DELETE FROM conversations WHERE conversation_id = ANY(ARRAY(
           SELECT conversation_id FROM conversations c WHERE domain_id = $1 AND last_request_at < $2 AND starred_at IS NULL
             AND NOT EXISTS (SELECT FROM api_requests r WHERE r.conversation_id = c.conversation_id)
           LIMIT ${conversationsAtOnce}))`,
        [domainId, from],
      )
      gone = rowCount ?? 0
    }
  }
}

async function sweepBlocks(client: Client, { byDomain, others }: KeptDays, nowMs: number) {
  const due: DueBlocks[] = []
  for (const [domainId, days] of [...byDomain, [null, others] as const]) {
    const from = keptFrom(days, nowMs)
    if (!from) continue
    try {
      due.push(await spareStarred(client, { domainId, keptFrom: from, nowMs }))
    } catch (error) {
      // A recipe that does not open says nothing about its blocks: then all of them stay.
      log().error({ error, domainId }, 'the blocks of a domain could not be collected; they stay')
    }
  }
  return deleteBlocks(client, due)
}
