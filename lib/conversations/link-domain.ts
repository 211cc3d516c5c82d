import type { PoolClient } from 'pg'
import type { RequestRow } from '@/lib/recorder/request-row'
import { linkReasons } from '@/lib/recorder/usual-text'
import { buildLink, type BranchQuestions } from './build-link'
import { findConcerned, findConcerning } from './concerned'
import { countConversations, countedOf } from './count-conversations'
import { decideLink } from './decide-link'
import { KnownFinder } from './find-known'
import type { ExplainedLink, Findings } from './known-request'
import { noLabels, type LinkFacts } from './link-facts'
import { copyWords, insertKeys, insertLinks, updateLink, type LinkedFacts } from './link-rows'
import type { LinkSecrets } from './link-secrets'
import { loadFacts } from './load-facts'
import { rollTranscript, type Transcript } from './rolled-transcript'
import type { SaidWords } from './said-words'
import { sealLabel } from './sealed-label'
import { roll } from './transcript'

/** So many are linked together again after one that concerned others; twice as many each time it goes well. */
const fewTogether = 4
/** Lengths of an unknown beginning under which a late parent still finds this request. */
const mostGaps = 64

export interface LinkChange {
  readonly requestId: string
  readonly before: ExplainedLink
  readonly after: ExplainedLink
}

export interface LinkerSettings {
  readonly secrets: LinkSecrets
  /** Rows that are inserted after linking: not in api_requests yet. */
  readonly fresh: readonly RequestRow[]
  readonly said: SaidWords
}

/**
 * Links requests of one domain. The link of a request depends only on older requests of the domain, whatever
 * order they arrive in: when an older one comes late, those it may concern are linked again, in order of time.
 * The caller holds the lock of the domain.
 */
export class DomainLinker {
  readonly changes: LinkChange[] = []
  private readonly finder: KnownFinder
  private readonly linked = new Map<string, LinkedFacts>()
  private readonly recount = new Set<string>()
  private again: string[] = []

  constructor(
    private readonly tx: PoolClient,
    private readonly settings: LinkerSettings,
  ) {
    this.finder = new KnownFinder(tx, settings.secrets)
  }

  /** Links new requests and answers them, with what later ones made of them. */
  async linkAll(facts: readonly LinkFacts[]): Promise<LinkedFacts[]> {
    const inOrder = facts.toSorted((a, b) => (a.requestId < b.requestId ? -1 : 1))
    if (await this.hasYounger(inOrder[0])) await this.linkAmongYounger(inOrder)
    else await this.insert(await this.resolveTogether(inOrder))
    const answered = facts.flatMap(({ requestId }) => this.linked.get(requestId) ?? [])
    const rows = new Map(this.settings.fresh.map((row) => [row.requestId, row]))
    const seal = (label: string) => sealLabel(this.settings.secrets, label)
    const fresh = answered.flatMap((linked) => {
      const row = rows.get(linked.facts.requestId)
      return row ? [countedOf(row, linked, seal)] : []
    })
    await countConversations({ tx: this.tx, fresh, recount: this.recount })
    return answered
  }

  /** One question to the database for all of them. */
  private async resolveTogether(inOrder: readonly LinkFacts[]): Promise<LinkedFacts[]> {
    await this.prefetch(inOrder)
    const linked: LinkedFacts[] = []
    for (const facts of inOrder) {
      const one = await this.resolve(facts)
      this.finder.fresh.add(one)
      linked.push(one)
    }
    this.finder.fresh.clear()
    return linked
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
    await this.queueConcerned(linked, [linked.link.conversationId])
    await this.relinkQueued()
  }

  private async insert(linked: readonly LinkedFacts[]): Promise<void> {
    const { secrets, said } = this.settings
    const rows = linked.map((one) => ({
      ...one,
      words: said.add({ ...one.facts, baseRequestId: one.base?.hasWords ? one.base.requestId : null }),
    }))
    await insertLinks(this.tx, rows, secrets)
    for (const one of linked) this.linked.set(one.facts.requestId, one)
  }

  private async prefetch(facts: readonly LinkFacts[]): Promise<void> {
    await this.finder.prefetch(facts.map((one) => ({ facts: one, transcript: this.rollFrom(one, null) })))
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

  /** Decides about requests that are linked already once more, oldest first. */
  async relinkAll(requestIds: readonly string[]): Promise<void> {
    this.again = [...requestIds].sort()
    await this.relinkQueued()
    await countConversations({ tx: this.tx, fresh: [], recount: this.recount })
  }

  private async relinkQueued(): Promise<void> {
    for (let requestId = this.again.shift(); requestId; requestId = this.again.shift()) {
      const stored = await loadFacts(this.tx, requestId)
      if (!stored) continue
      const known = this.linked.get(requestId)
      const facts = known?.facts ?? stored.facts
      const before = known?.link ?? stored.link
      await this.prefetch([facts])
      const resolved = await this.resolve(facts)
      // Recorded under another ENCRYPTION_KEY: nothing of it can be found, so it stays as it was linked.
      if (!facts.isThread && !isEqual(stored.transcriptHash, resolved.transcriptHash)) continue
      if (isSameLink(before, resolved.link)) continue
      await this.change(before, resolved)
      await this.queueConcerned(resolved, [before.conversationId, resolved.link.conversationId])
    }
  }

  private async resolve(facts: LinkFacts): Promise<LinkedFacts> {
    const previous = await this.finder.findPrevious(facts)
    const transcript = this.rollFrom(facts, previous)
    const found = await this.finder.find({ facts, transcript }, previous)
    const link = await buildLink(facts, decideLink({ facts, transcript, found }), this.questionsOf(facts))
    const isSide = facts.role === 'side'
    const base = facts.isThread || isSide ? null : longestBase(found)
    const linked = {
      facts,
      link,
      transcript,
      transcriptHash: isSide ? null : transcript.hash,
      base,
      words: facts.words,
      labels: base && link.parentRequestId !== null ? noLabels : facts.readLabels(),
    }
    return { ...linked, keys: [...this.ownKeys(linked), ...facts.offers, ...this.waitingKeys(linked)] }
  }

  /** A message thread begins where its previous answer ended; one whose beginning is unknown stands alone. */
  private rollFrom(
    facts: LinkFacts,
    previous: { answerHash: Buffer | null; transcriptLength: number } | null,
  ): Transcript {
    const { transcript } = this.settings.secrets
    if (!facts.isThread) return rollTranscript(facts.digests, { hash: transcript, length: 0 })
    if (previous?.answerHash)
      return rollTranscript(facts.digests, { hash: previous.answerHash, length: previous.transcriptLength + 1 })
    return rollTranscript(facts.digests, { hash: roll(transcript, facts.wants.message ?? transcript), length: 0 })
  }

  private questionsOf(facts: LinkFacts): BranchQuestions {
    return {
      hasChild: (node) => this.finder.hasChild(node),
      countBranches: (conversationId, prefix) => this.finder.countBranches(facts, conversationId, prefix),
    }
  }

  private ownKeys({ transcript, transcriptHash }: UnkeyedFacts): LinkFacts['offers'] {
    if (!transcriptHash) return []
    return [{ key: this.settings.secrets.keyOf('transcript', transcriptHash), ordinal: transcript.length }]
  }

  /** Under these a parent that is recorded late finds its child. */
  private waitingKeys({ facts, base, transcript, link }: UnkeyedFacts): LinkFacts['offers'] {
    const { keyOf, waitingKeyOf } = this.settings.secrets
    if (facts.role === 'side') return []
    const gapCount = facts.isThread ? 0 : Math.min(mostGaps, transcript.length - (base?.transcriptLength ?? 0) - 1)
    const gaps = transcript
      .lengthsBelow(transcript.length, Math.max(0, gapCount))
      .flatMap((length) => transcript.hashAt(length) ?? [])
      // Whoever comes late with that beginning goes on from the base itself, and is found as part of its conversation.
      .filter((hash) => !base?.answerHash?.equals(hash))
      .map((hash) => keyOf('transcript', hash))
    const unmet =
      link.parentRequestId === null ? [facts.wants.prompt, facts.wants.message, ...facts.wants.summaries] : []
    return [...gaps, ...unmet.flatMap((key) => key ?? [])].map((key) => ({ key: waitingKeyOf(key), ordinal: 0 }))
  }

  /** Queues younger requests whose link may depend on this one. */
  private async queueConcerned(linked: LinkedFacts, conversationIds: readonly string[]): Promise<void> {
    const concerned = await findConcerned(this.tx, linked, { secrets: this.settings.secrets, conversationIds })
    if (concerned.length === 0) return
    for (const id of conversationIds) this.recount.add(id)
    this.again = [...new Set([...this.again, ...concerned])].sort()
  }

  private async change(before: ExplainedLink, after: LinkedFacts): Promise<void> {
    const { requestId } = after.facts
    await updateLink(this.tx, after, this.settings.secrets)
    if (before.conversationId !== after.link.conversationId) await copyWords(this.tx, requestId)
    await insertKeys(this.tx, [{ ...after, keys: this.ownKeys(after) }])
    await this.tx.query(updateRequestSql, [
      requestId,
      after.link.conversationId,
      after.link.branchId,
      after.link.parentRequestId,
      after.link.isSubtask,
      after.link.parentTaskRequestId,
      after.link.attemptOf,
      linkReasons.shorten(after.link.linkReason),
    ])
    if (this.linked.has(requestId)) this.linked.set(requestId, after)
    this.changes.push({ requestId, before, after: after.link })
    this.recount.add(before.conversationId).add(after.link.conversationId)
  }
}

type UnkeyedFacts = Omit<LinkedFacts, 'keys'>

const updateRequestSql = `UPDATE api_requests SET conversation_id = $2, branch_id = $3, parent_request_id = $4,
  is_subtask = $5, parent_task_request_id = $6, attempt_of = $7, link_reason = $8 WHERE request_id = $1`

function longestBase({ byTranscript }: Findings): LinkedFacts['base'] {
  return byTranscript
    .filter(({ isThread }) => !isThread)
    .reduce<LinkedFacts['base']>(
      (best, known) => (best && best.transcriptLength >= known.transcriptLength ? best : known),
      null,
    )
}

const comparedFields = [
  'conversationId',
  'branchId',
  'startsBranch',
  'parentRequestId',
  'isSubtask',
  'parentTaskRequestId',
  'taskOrdinal',
  'attemptOf',
  'nodeId',
  'parentNodeId',
  'linkReason',
] as const

function isSameLink(one: ExplainedLink, other: ExplainedLink): boolean {
  return comparedFields.every((field) => one[field] === other[field])
}

function isEqual(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other)
}
