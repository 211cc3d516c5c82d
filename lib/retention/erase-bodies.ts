import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from 'pg'
import { z } from 'zod'
import { reachBlocks } from '@/lib/blocks/reach-blocks'
import { classifyFault } from '@/lib/database-fault'
import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'
import { outlastOutage } from '@/lib/outlast-outage'
import { prisma } from '@/lib/prisma'
import { recordAudit } from '@/lib/users/audit'
import type { Doer } from '@/lib/users/doer'
import { betweenBatches } from './between-batches'
import { asBytes, markedDay } from './collect-blocks'
import { finishErasures } from './finish-erasures'
import { asOnlyJob, inTransaction, withJobClient } from './job-client'
import { sweepLock } from './sweep-lock'

/** Whose bodies go: those of one conversation, or all of a domain up to now. */
export const erasureSchema = z.union([
  z.strictObject({ conversationId: z.uuid() }),
  z.strictObject({ domainId: z.uuid() }),
])
export type Erasure = z.infer<typeof erasureSchema>

interface Erased {
  /** Requests that had content and have none now. Rows, tokens and costs stay. */
  readonly bodies: number
}

const idsAtOnce = 1_000
const lookAgainMs = 2_000
/** A sweep that takes longer is followed by the next one. */
const longestWaitMs = 3_600_000

/**
 * Deletes what was said, for good: the recipes at once, so that nothing can be read any more; then, in the
 * background, the blocks that nobody else needs. What was received until now and is not recorded yet is recorded
 * without what it says.
 */
export async function eraseBodies(erasure: Erasure, by: Doer): Promise<Erased> {
  const target = await requireTarget(erasure)
  const run: Run = { until: undefined, bodies: 0 }
  await outlastOutage(() => withJobClient((client) => eraseRest(client, target, run)))
  const { bodies } = run
  const entry = {
    ...by,
    action: 'bodies.erase',
    targetType: target.conversationId ? 'conversation' : 'domain',
    targetId: target.conversationId ?? target.domainId,
    detail: { bodies },
  }
  await outlastOutage(() => recordAudit(prisma(), entry))
  void finishLater()
  return { bodies }
}

/** What is deleted is deleted: broken off, it goes on with the rest. */
interface Run {
  /** The newest request it is about: what comes while it goes on stays. null = there is none; undefined = not begun. */
  until: string | null | undefined
  bodies: number
}

async function eraseRest(client: Client, target: Target, run: Run): Promise<void> {
  const until = run.until === undefined ? await beginErasure(client, target) : run.until
  run.until = until
  await markAll(client, target)
  for (let after: string | null = null; ;) {
    const ids = await listBodies(client, target, { after, until })
    await markReached(client, target, ids)
    const { rowCount } = await client.query('DELETE FROM request_bodies WHERE request_id = ANY($1::uuid[])', [ids])
    run.bodies += rowCount ?? 0
    if (ids.length < idsAtOnce) break
    after = ids.at(-1) ?? null
  }
  await forgetWords(client, target, until)
}

async function beginErasure(client: Client, target: Target): Promise<string | null> {
  await noteErasure(client, target)
  return findNewest(client, target)
}

interface Target {
  readonly domainId: string
  /** null = the whole domain. */
  readonly conversationId: string | null
}

async function requireTarget(erasure: Erasure): Promise<Target> {
  if ('domainId' in erasure) {
    const domain = await prisma().domain.findUnique({ where: { id: erasure.domainId }, select: { id: true } })
    if (!domain) throw new AppError('not-found', 'There is no such domain.')
    return { domainId: domain.id, conversationId: null }
  }
  const { conversationId } = erasure
  const found = await prisma().conversation.findUnique({ where: { conversationId }, select: { domainId: true } })
  if (!found) throw new AppError('not-found', 'There is no such conversation.')
  return { domainId: found.domainId, conversationId }
}

/** After it every batch leaves out what was received before it; the batches before it can be seen by what follows. */
async function noteErasure(client: Client, { domainId, conversationId }: Target): Promise<void> {
  const [table, key] = conversationId ? ['conversations', 'conversation_id'] : ['domains', 'id']
  await betweenBatches(client, () =>
    client.query(
      `UPDATE ${table} SET bodies_erased_at = date_trunc('milliseconds', clock_timestamp()) WHERE ${key} = $1`,
      [conversationId ?? domainId],
    ),
  )
}

const requestsOf = 'request_id IN (SELECT request_id FROM api_requests WHERE conversation_id = $2)'

/** What is recorded from now on keeps its words, however long the deletion takes. */
async function findNewest(client: Client, { domainId }: Target): Promise<string | null> {
  const { rows } = await client.query<{ id: string }>(
    'SELECT request_id AS id FROM api_requests WHERE domain_id = $1 ORDER BY request_id DESC LIMIT 1',
    [domainId],
  )
  return rows[0]?.id ?? null
}

/** Some at a time: a domain may have millions. */
async function listBodies(
  client: Client,
  { domainId, conversationId }: Target,
  { after, until }: { after: string | null; until: string | null },
): Promise<string[]> {
  const ofWhat = conversationId ? requestsOf : '$2::uuid IS NULL'
  const { rows } = await client.query<{ id: string }>(
    `SELECT request_id AS id FROM request_bodies WHERE domain_id = $1 AND ${ofWhat}
       AND ($3::uuid IS NULL OR request_id > $3) AND request_id <= $4 ORDER BY request_id LIMIT ${idsAtOnce}`,
    [domainId, conversationId, after, until],
  )
  return rows.map(({ id }) => id)
}

/** A marked block is deleted unless somebody is found to need it. */
const markSql = `UPDATE blocks SET last_seen_on = '${markedDay}' WHERE domain_id = $1`

async function markAll(client: Client, { domainId, conversationId }: Target): Promise<void> {
  if (!conversationId) await client.query(markSql, [domainId])
}

/** Before the bodies go: they say which blocks they are made of. */
async function markReached(client: Client, target: Target, requestIds: readonly string[]): Promise<void> {
  const { domainId, conversationId } = target
  if (!conversationId) return
  try {
    for await (const hashes of reachBlocks(client, { domainId, requestIds }))
      await client.query(`${markSql} AND hash = ANY($2::bytea[])`, [domainId, asBytes(hashes)])
  } catch (error) {
    if (classifyFault(error) !== 'unknown') throw error
    log().error({ error, ...target }, 'content to be deleted does not open; its blocks stay until they are old')
  }
}

/** Titles and search words are content too. The conversations stay, with their figures. */
async function forgetWords(
  client: Client,
  { domainId, conversationId }: Target,
  newestId: string | null,
): Promise<void> {
  const ofWhat = conversationId ? requestsOf : '$2::uuid IS NULL'
  await inTransaction(client, async () => {
    await client.query(
      `UPDATE request_links SET words = '{}', sealed_title = NULL, sealed_project = NULL, sealed_git_branch = NULL
       WHERE domain_id = $1 AND ${ofWhat} AND request_id <= $3 AND (words <> '{}' OR coalesce(sealed_title, sealed_project, sealed_git_branch) IS NOT NULL)`,
      [domainId, conversationId, newestId],
    )
    await client.query(
      `UPDATE conversations SET title = NULL, title_rank = 0, project_directory = NULL, git_branch = NULL
       WHERE domain_id = $1 AND (($2::uuid IS NULL AND conversation_id <= $3) OR conversation_id = $2)`,
      [domainId, conversationId, newestId],
    )
  })
}

async function finishLater(): Promise<void> {
  const deadline = performance.now() + longestWaitMs
  const finish = () => asOnlyJob(sweepLock, (client) => finishErasures(client, Date.now()))
  try {
    // Another one at it, a sweep or an earlier deletion, may have looked before these blocks were marked.
    while (!(await finish()) && performance.now() < deadline) await delay(lookAgainMs, undefined, { ref: false })
  } catch (error) {
    log().error({ error }, 'blocks of deleted content could not be removed yet; the next sweep goes on')
  }
}
