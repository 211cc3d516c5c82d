import { setTimeout as delay } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { classifyFault } from '@/lib/database-fault'
import { env } from '@/lib/env'
import { outlastOutage } from '@/lib/outlast-outage'
import { changeKinds } from '@/lib/recorder/change-kinds'
import { loadErasuresOf } from '@/lib/recorder/erasures'
import { countConversations } from './count-conversations'
import { lockDomain } from './link-conversations'
import { insertKeys } from './link-rows'
import { makeLinkSecrets, type LinkSecrets } from './link-secrets'
import { FactLoader } from './load-facts'
import { ContentReader, type ReadAgain } from './read-again'
import { countRecorded, listRecorded, type RecordedRow } from './recorded-rows'
import { withOwnConnection } from './own-connection'
import { beginRehearsal } from './rehearsal'
import { recordPlaces, Relinker, type Again, type LinkChange } from './relinker'
import { LinkResolver } from './resolve-link'

interface RelinkQuestion {
  readonly domainId: string
  /** Only says what would change. */
  readonly isDryRun: boolean
}

interface KindChange {
  readonly before: string
  readonly after: string
  readonly reason: string
}

/** What today's rules say otherwise of a request; null = that stays. */
export interface RequestChange {
  readonly requestId: string
  readonly kind: KindChange | null
  readonly link: LinkChange | null
}

export interface RelinkProgress {
  /** Requests seen so far, of about so many. */
  readonly requests: number
  readonly total: number
  readonly changed: number
  /** Of these only the links were looked at: their content was not kept, or cannot be read. */
  readonly unread: number
}

export interface RelinkEvents {
  readonly onChange?: (change: RequestChange) => void
  /** Waited for; nothing is locked meanwhile. */
  readonly onProgress?: (progress: RelinkProgress) => Promise<void> | void
}

/** So many are linked under the lock at a time: some hundredths of a second. */
const atOnce = 64
/** After one that changed, what comes next is asked for in small numbers again. */
const fewTogether = 4
const mostAttempts = 6

/**
 * Applies today's rules to everything recorded in a domain, oldest first: kinds and links of what can still be read,
 * links of the rest. A batch is a transaction of its own, so that recording goes on in between; since a link depends
 * only on older requests, each is final when its turn has come. A dry run works on a copy of the links and holds up
 * nobody. A run outlasts a database that is away for a while; a dry run, in its one transaction, does not.
 */
export async function relinkDomain(question: RelinkQuestion, events: RelinkEvents = {}): Promise<RelinkProgress> {
  const run: Run = { after: null, progress: { requests: 0, total: 0, changed: 0, unread: 0 } }
  const goOn = (cameFurther = () => {}) =>
    withOwnConnection((client) => new DomainRelink(client, question, { ...events, cameFurther }).goOn(run))
  await (question.isDryRun ? goOn() : outlastOutage(goOn))
  return run.progress
}

/** How far a run has come: a new connection goes on from there. */
interface Run {
  /** Everything up to this request is done. */
  after: string | null
  progress: RelinkProgress
}

class DomainRelink {
  private readonly secrets: LinkSecrets
  private readonly reader: ContentReader
  private readonly loader: FactLoader

  constructor(
    private readonly client: PoolClient,
    private readonly question: RelinkQuestion,
    private readonly events: RelinkEvents & { readonly cameFurther: () => void },
  ) {
    this.secrets = makeLinkSecrets(env().encryptionKey)(question.domainId)
    this.reader = new ContentReader(this.secrets)
    this.loader = new FactLoader(client)
  }

  async goOn(run: Run): Promise<void> {
    const { domainId, isDryRun } = this.question
    if (isDryRun) await beginRehearsal(this.client, domainId)
    const total = await countRecorded(this.client, domainId)
    for (;;) {
      const { after, progress } = run
      const rows = await listRecorded(this.client, { domainId, after, limit: atOnce })
      const until = rows.at(-1)?.requestId
      if (until === undefined) break
      const batch = await this.readAll(rows)
      const changes = isDryRun ? await this.relink(batch) : await this.relinkForGood(batch, { after, until })
      for (const change of changes) this.events.onChange?.(change)
      run.after = until
      run.progress = {
        requests: progress.requests + rows.length,
        total: Math.max(total, progress.requests + rows.length),
        changed: progress.changed + changes.length,
        unread: progress.unread + batch.filter(({ read }) => !read).length,
      }
      this.events.cameFurther()
      await this.events.onProgress?.(run.progress)
    }
    if (isDryRun) await this.client.query('ROLLBACK')
  }

  /** Before any lock: what was kept does not change. */
  private async readAll(rows: readonly RecordedRow[]): Promise<ReadRow[]> {
    const batch: ReadRow[] = []
    for (const row of rows) batch.push({ row, read: await this.reader.read(row) })
    return batch
  }

  /** The recorder writes the same tables: a deadlock costs one of the two a repetition. */
  private async relinkForGood(read: readonly ReadRow[], range: IdRange): Promise<RequestChange[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.client.query('BEGIN')
        await lockDomain(this.client, this.question.domainId)
        const batch = await this.withNewcomers(read, range)
        const changes = await this.relink(batch)
        await this.record(batch, changes)
        await this.client.query('COMMIT')
        return changes
      } catch (error) {
        if (attempt === mostAttempts || classifyFault(error) !== 'conflict') throw error
        await this.client.query('ROLLBACK')
        await delay(20 * 2 ** attempt * Math.random())
      }
    }
  }

  /** What was recorded among them since they were listed was read by today's rules then; its parents may move now. */
  private async withNewcomers(read: readonly ReadRow[], range: IdRange): Promise<ReadRow[]> {
    const known = new Map(read.map((one) => [one.row.requestId, one]))
    const { domainId } = this.question
    const rows = await listRecorded(this.client, { domainId, ...range, limit: null })
    return rows.map((row) => known.get(row.requestId) ?? { row, read: null })
  }

  private async relink(batch: readonly ReadRow[]): Promise<RequestChange[]> {
    const resolver = new LinkResolver(this.client, this.secrets)
    const relinker = new Relinker(this.client, { resolver, secrets: this.secrets })
    let rest = await this.loadAgain(batch)
    await insertKeys(
      this.client,
      rest.flatMap(({ facts, reading }) => (facts && reading ? [{ facts, keys: facts.offers }] : [])),
    )
    for (let size = atOnce; rest.length > 0;) {
      const relinked = await relinker.relinkUntilChange(rest.slice(0, size))
      rest = relinked ? rest.filter(({ requestId }) => requestId > relinked.requestId) : rest.slice(size)
      size = relinked ? fewTogether : 2 * size
    }
    const links = new Map(relinker.changes.map((change) => [change.requestId, change]))
    return batch.flatMap(({ row: { requestId, kind }, read }) => {
      const link = links.get(requestId) ?? null
      const newKind = read && read.kind !== kind ? { before: kind, after: read.kind, reason: read.kindReason } : null
      return link || newKind ? [{ requestId, kind: newKind, link }] : []
    })
  }

  private async loadAgain(batch: readonly ReadRow[]): Promise<Again[]> {
    for (const { row, read } of batch) if (read?.facts) this.loader.remember(row.requestId, read.facts.digests)
    const stored = await this.loader.load(batch.map(({ row }) => row.requestId))
    return batch.map(({ row, read }) => {
      const was = stored.get(row.requestId) ?? null
      const reading = read && { hasNewKind: read.kind !== row.kind, oldOffers: read.oldOffers }
      return { requestId: row.requestId, facts: read ? read.facts : (was?.facts ?? null), stored: was, reading }
    })
  }

  private async record(batch: readonly ReadRow[], changes: readonly RequestChange[]): Promise<void> {
    const rows = new Map(batch.map(({ row }) => [row.requestId, row]))
    const recount = changes.flatMap(({ requestId, link }) => [
      rows.get(requestId)?.conversationId ?? [],
      link?.before?.conversationId ?? [],
      link?.after?.conversationId ?? [],
    ])
    const links = changes.flatMap(({ link }) => link ?? [])
    const erasures = await loadErasuresOf(
      this.client,
      links.flatMap(({ before }) => before?.conversationId ?? []),
    )
    for (const { before, after } of links)
      if (before && after) erasures.move(before.conversationId, after.conversationId)
    await recordPlaces(this.client, links)
    await countConversations({ tx: this.client, fresh: [], recount: new Set(recount.flat()) })
    await erasures.recordMoves(this.client)
    await changeKinds(
      this.client,
      changes.flatMap(({ requestId, kind }) => (kind ? [{ requestId, kind: kind.after }] : [])),
    )
  }
}

/** Behind the one, up to the other. */
interface IdRange {
  readonly after: string | null
  readonly until: string
}

interface ReadRow {
  readonly row: RecordedRow
  readonly read: ReadAgain | null
}
