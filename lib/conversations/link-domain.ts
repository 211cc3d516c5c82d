import type { PoolClient } from 'pg'
import type { Erasures } from '@/lib/recorder/erasures'
import type { RequestRow } from '@/lib/recorder/request-row'
import { findConcerned, findConcerning } from './concerned'
import { countConversations, countedOf } from './count-conversations'
import { noLabels, type LinkFacts } from './link-facts'
import { insertLinks, updateLink, type LinkedFacts } from './link-rows'
import type { LinkSecrets } from './link-secrets'
import { FactLoader } from './load-facts'
import { recordPlaces, Relinker, type Again } from './relinker'
import { LinkResolver } from './resolve-link'
import type { SaidWords } from './said-words'
import { sealLabel } from './sealed-label'

/** So many are linked together again after one that concerned others; twice as many each time it goes well. */
const fewTogether = 4
const mostTogether = 64

interface LinkerSettings {
  readonly secrets: LinkSecrets
  /** Rows that are inserted after linking: not in api_requests yet. */
  readonly fresh: readonly RequestRow[]
  readonly said: SaidWords
  readonly erasures: Erasures
}

/**
 * Links new requests of one domain. The link of a request depends only on older requests of the domain, whatever
 * order they arrive in: when an older one comes late, those it may concern are linked again, in order of time.
 * The caller holds the lock of the domain.
 */
export class DomainLinker {
  private readonly resolver: LinkResolver
  private readonly loader: FactLoader
  private readonly linked = new Map<string, LinkedFacts>()
  private readonly recount = new Set<string>()
  private readonly rows: ReadonlyMap<string, RequestRow>

  constructor(
    private readonly tx: PoolClient,
    private readonly settings: LinkerSettings,
  ) {
    this.resolver = new LinkResolver(tx, settings.secrets)
    this.loader = new FactLoader(tx)
    this.rows = new Map(settings.fresh.map((row) => [row.requestId, row]))
  }

  /** Links new requests and answers them, with what later ones made of them. */
  async linkAll(facts: readonly LinkFacts[]): Promise<LinkedFacts[]> {
    const inOrder = facts.toSorted((a, b) => (a.requestId < b.requestId ? -1 : 1))
    if (await this.hasYounger(inOrder[0])) await this.linkAmongYounger(inOrder)
    else await this.insert(await this.resolveTogether(inOrder))
    const answered = facts.flatMap(({ requestId }) => this.linked.get(requestId) ?? [])
    const seal = (label: string) => sealLabel(this.settings.secrets, label)
    const fresh = answered.flatMap((linked) => {
      const row = this.rows.get(linked.facts.requestId)
      return row ? [countedOf(row, linked, seal)] : []
    })
    await countConversations({ tx: this.tx, fresh, recount: this.recount })
    await this.settings.erasures.recordMoves(this.tx)
    return answered
  }

  /** One question to the database for all of them. */
  private async resolveTogether(inOrder: readonly LinkFacts[]): Promise<LinkedFacts[]> {
    await this.resolver.prefetch(inOrder)
    const linked: LinkedFacts[] = []
    for (const facts of inOrder) {
      const one = this.withoutErased(await this.resolver.resolve(facts))
      this.resolver.fresh.add(one)
      linked.push(one)
    }
    this.resolver.fresh.clear()
    return linked
  }

  /** What somebody deleted since it was received keeps its place. */
  private withoutErased(linked: LinkedFacts): LinkedFacts {
    const row = this.rows.get(linked.facts.requestId)
    if (!row || !this.settings.erasures.cover(row, linked.link.conversationId)) return linked
    const facts = { ...linked.facts, words: [], readLabels: () => noLabels }
    return { ...linked, facts, words: [], labels: noLabels }
  }

  /** Calls end in another order than they begin: most of what comes late concerns nobody, and is linked together. */
  private async linkAmongYounger(inOrder: readonly LinkFacts[]): Promise<void> {
    let size = inOrder.length
    for (let at = 0; at < inOrder.length;) {
      const linked = await this.resolveTogether(inOrder.slice(at, at + size))
      const concerning = await findConcerning(this.tx, linked, this.settings.secrets)
      const alone = linked.findIndex(({ facts }) => concerning.has(facts.requestId))
      const together = alone < 0 ? linked : linked.slice(0, alone)
      await this.insert(together)
      at += together.length
      size *= 2
      const late = linked[together.length]
      if (!late) continue
      await this.linkLate(late)
      at += 1
      size = fewTogether
    }
  }

  private async linkLate(linked: LinkedFacts): Promise<void> {
    await this.insert([linked])
    await this.relink(await this.concernedBy(linked, [linked.link.conversationId]))
    await this.forgetErased(linked.facts.requestId)
  }

  /** Those that came to it may have brought a deletion along. */
  private async forgetErased(requestId: string): Promise<void> {
    const linked = this.linked.get(requestId)
    const kept = linked && this.withoutErased(linked)
    if (!kept || kept === linked) return
    await updateLink(this.tx, kept, { update: 'words', secrets: this.settings.secrets })
    this.linked.set(requestId, kept)
  }

  private async insert(linked: readonly LinkedFacts[]): Promise<void> {
    const { secrets, said } = this.settings
    const rows = linked.map((one) => ({
      ...one,
      words: said.add({ ...one.facts, baseRequestId: wordedBase(one) }),
    }))
    await insertLinks(this.tx, rows, secrets)
    for (const one of linked) this.linked.set(one.facts.requestId, one)
  }

  /** Whether anything younger was recorded before: then what comes now is late for somebody. */
  private async hasYounger(first: LinkFacts | undefined): Promise<boolean> {
    if (!first) return false
    const { rows } = await this.tx.query('SELECT FROM api_requests WHERE domain_id = $1 AND request_id > $2 LIMIT 1', [
      first.domainId,
      first.requestId,
    ])
    return rows.length > 0
  }

  /** Younger requests whose link may depend on this one. */
  private async concernedBy(linked: LinkedFacts, conversationIds: readonly string[]): Promise<string[]> {
    const concerned = await findConcerned(this.tx, linked, { secrets: this.settings.secrets, conversationIds })
    if (concerned.length > 0) for (const id of conversationIds) this.recount.add(id)
    return concerned
  }

  /** Decides about requests that are linked already once more, oldest first, and about those that these concern. */
  private async relink(requestIds: readonly string[]): Promise<void> {
    const relinker = new Relinker(this.tx, { resolver: this.resolver, secrets: this.settings.secrets })
    let queue = requestIds
    for (let size = fewTogether; queue.length > 0;) {
      const relinked = await relinker.relinkUntilChange(await this.loadAgain(queue.slice(0, size)))
      if (!relinked?.linked) {
        queue = queue.slice(size)
        size = Math.min(2 * size, mostTogether)
        continue
      }
      const { requestId, linked, conversationIds } = relinked
      const [before, after] = conversationIds
      if (before && after) this.settings.erasures.move(before, after)
      if (this.linked.has(requestId)) this.linked.set(requestId, linked)
      for (const id of conversationIds) this.recount.add(id)
      const concerned = await this.concernedBy(linked, conversationIds)
      queue = [...new Set([...queue.filter((id) => id > requestId), ...concerned])].sort()
      size = fewTogether
    }
    await recordPlaces(this.tx, relinker.changes)
  }

  private async loadAgain(requestIds: readonly string[]): Promise<Again[]> {
    const stored = await this.loader.load(requestIds)
    return requestIds.flatMap((requestId) => {
      const was = stored.get(requestId)
      if (!was) return []
      // A row that is not inserted yet does not have its reason.
      const fresh = this.linked.get(requestId)
      const link = fresh?.link ?? was.link
      return [{ requestId, facts: fresh?.facts ?? was.facts, stored: { ...was, link }, reading: null }]
    })
  }
}

/** Another conversation may begin with the same words: each is found by its own. */
function wordedBase({ base, link }: LinkedFacts): string | null {
  return base?.hasWords && base.conversationId === link.conversationId ? base.requestId : null
}
