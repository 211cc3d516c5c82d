import type { PoolClient } from 'pg'
import type { RequestRow } from '@/lib/recorder/request-row'
import { buildLink, type BranchQuestions } from './build-link'
import { countConversations, countedOf } from './count-conversations'
import { decideLink } from './decide-link'
import { KnownFinder } from './find-known'
import type { Findings, Link } from './known-request'
import type { LinkFacts } from './link-facts'
import { insertLinkSql, insertLinkValues, updateLinkSql, updateLinkValues, type LinkedFacts } from './link-rows'
import type { LinkSecrets } from './link-secrets'
import { loadFacts } from './load-facts'
import { rollTranscript, type Transcript } from './rolled-transcript'
import { sealLabel } from './sealed-label'
import { roll } from './transcript'

/** Requests that are linked again because an older one came late, at most; a full relink does the rest. */
const mostRelinked = 500
/** Lengths of an unknown beginning under which a late parent still finds this request. */
const mostGaps = 64

export interface LinkChange {
  readonly requestId: string
  readonly before: Link
  readonly after: Link
}

export interface LinkerSettings {
  readonly secrets: LinkSecrets
  /** Rows that are inserted after linking: not in api_requests yet. */
  readonly fresh: readonly RequestRow[]
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
    const isLate = await this.hasYounger(inOrder[0])
    for (const one of inOrder) {
      const linked = await this.resolve(one)
      await this.insert(linked)
      this.linked.set(one.requestId, linked)
      if (!isLate) continue
      await this.queueConcerned(linked, [linked.link.conversationId])
      await this.relinkQueued()
    }
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
      const resolved = await this.resolve(known?.facts ?? stored.facts)
      // Recorded under another ENCRYPTION_KEY: nothing of it can be found, so it stays as it was linked.
      if (!resolved.facts.isThread && !isEqual(stored.transcriptHash, resolved.transcriptHash)) continue
      if (isSameLink(stored.link, resolved.link)) continue
      await this.change(stored.link, resolved)
      const conversations = [stored.link.conversationId, resolved.link.conversationId]
      await this.queueConcerned(resolved, conversations)
    }
  }

  private async resolve(facts: LinkFacts): Promise<LinkedFacts> {
    const previous = await this.finder.findPrevious(facts)
    const transcript = this.rollFrom(facts, previous)
    const found = await this.finder.find(facts, transcript, previous)
    const link = await buildLink(facts, decideLink({ facts, transcript, found }), this.questionsOf(facts))
    const isSide = facts.role === 'side'
    return {
      facts,
      link,
      transcriptHash: isSide ? null : transcript.hash,
      transcriptLength: transcript.length,
      answerHash: transcript.hash && facts.answerDigest ? roll(transcript.hash, facts.answerDigest) : null,
      base: facts.isThread || isSide ? null : longestBase(found),
    }
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

  private questionsOf({ requestId }: LinkFacts): BranchQuestions {
    return {
      hasChild: async (node) => {
        const { rows } = await this.tx.query({
          name: 'has-child',
          text: `SELECT FROM request_links WHERE parent_node_id = $1 AND request_id < $2 AND branch_id = $3
             AND role = 'turn' AND attempt_of IS NULL LIMIT 1`,
          values: [node.nodeId, requestId, node.branchId],
        })
        return rows.length > 0
      },
      countBranches: async (conversationId, prefix) => {
        const { rows } = await this.tx.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM request_links WHERE conversation_id = $1 AND request_id < $2
             AND starts_branch AND starts_with(branch_id, $3)`,
          [conversationId, requestId, prefix],
        )
        return rows[0]?.count ?? 0
      },
    }
  }

  private async insert(linked: LinkedFacts): Promise<void> {
    const { secrets } = this.settings
    await this.tx.query({ name: 'insert-link', text: insertLinkSql, values: insertLinkValues(linked, secrets) })
    await this.insertKeys(linked, [
      ...linked.facts.offers,
      ...this.waitingKeys(linked).map((key) => ({ key, ordinal: 0 })),
    ])
  }

  private async insertKeys(linked: LinkedFacts, keys: LinkFacts['offers']): Promise<void> {
    const { facts, transcriptHash, transcriptLength } = linked
    const own = transcriptHash
      ? [{ key: this.settings.secrets.keyOf('transcript', transcriptHash), ordinal: transcriptLength }]
      : []
    const all = [...own, ...keys]
    if (all.length === 0) return
    await this.tx.query({
      name: 'insert-link-keys',
      text: `INSERT INTO link_keys (domain_id, key, request_id, ordinal)
        SELECT $1, key, $2, ordinal FROM unnest($3::bytea[], $4::int[]) AS k(key, ordinal) ON CONFLICT DO NOTHING`,
      values: [facts.domainId, facts.requestId, all.map(({ key }) => key), all.map(({ ordinal }) => ordinal)],
    })
  }

  /** Under these a parent that is recorded late finds its child. */
  private waitingKeys({ facts, base, transcriptLength, link }: LinkedFacts): Buffer[] {
    const { keyOf, waitingKeyOf } = this.settings.secrets
    if (facts.role === 'side') return []
    const gapCount = facts.isThread ? 0 : Math.min(mostGaps, transcriptLength - (base?.transcriptLength ?? 0) - 1)
    const gaps = gapCount <= 0 ? [] : this.gapHashes(facts, gapCount).map((hash) => keyOf('transcript', hash))
    const unmet =
      link.parentRequestId === null ? [facts.wants.prompt, facts.wants.message, ...facts.wants.summaries] : []
    return [...gaps, ...unmet.flatMap((key) => key ?? [])].map(waitingKeyOf)
  }

  private gapHashes({ digests }: LinkFacts, count: number): Buffer[] {
    const transcript = rollTranscript(digests, { hash: this.settings.secrets.transcript, length: 0 })
    return transcript.lengthsBelow(transcript.length, count).flatMap((length) => transcript.hashAt(length) ?? [])
  }

  /** Queues younger requests whose link may depend on this one. */
  private async queueConcerned(linked: LinkedFacts, conversationIds: readonly string[]): Promise<void> {
    const { facts, transcriptHash } = linked
    const { keyOf, waitingKeyOf } = this.settings.secrets
    const transcriptKey = transcriptHash && keyOf('transcript', transcriptHash)
    const offered = [...facts.offers.map(({ key }) => key), ...(transcriptKey ? [transcriptKey] : [])]
    const { rows } = await this.tx.query<{ requestId: string }>({
      name: 'find-concerned',
      text: `SELECT request_id AS "requestId" FROM request_links WHERE conversation_id = ANY($3::uuid[]) AND request_id > $2
       UNION SELECT request_id FROM request_links WHERE domain_id = $1 AND session_id = $4 AND request_id > $2
       UNION SELECT request_id FROM link_keys WHERE domain_id = $1 AND key = ANY($5::bytea[]) AND request_id > $2
       ORDER BY 1 LIMIT ${mostRelinked}`,
      values: [
        facts.domainId,
        facts.requestId,
        conversationIds,
        facts.sessionId,
        [...offered.map(waitingKeyOf), ...(transcriptKey ? [transcriptKey] : [])],
      ],
    })
    if (rows.length === 0) return
    for (const id of conversationIds) this.recount.add(id)
    this.again = [...new Set([...this.again, ...rows.map(({ requestId }) => requestId)])].sort()
  }

  private async change(before: Link, after: LinkedFacts): Promise<void> {
    const { requestId } = after.facts
    await this.tx.query(updateLinkSql, updateLinkValues(after, this.settings.secrets))
    await this.insertKeys(after, [])
    await this.tx.query(updateRequestSql, [
      requestId,
      after.link.conversationId,
      after.link.branchId,
      after.link.parentRequestId,
      after.link.isSubtask,
      after.link.parentTaskRequestId,
      after.link.attemptOf,
      after.link.linkReason,
      after.transcriptHash,
      after.transcriptLength,
    ])
    if (this.linked.has(requestId)) this.linked.set(requestId, after)
    this.changes.push({ requestId, before, after: after.link })
    this.recount.add(before.conversationId).add(after.link.conversationId)
  }
}

const updateRequestSql = `UPDATE api_requests SET conversation_id = $2, branch_id = $3, parent_request_id = $4,
  is_subtask = $5, parent_task_request_id = $6, attempt_of = $7, link_reason = $8, transcript_hash = $9,
  transcript_length = $10 WHERE request_id = $1`

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

function isSameLink(one: Link, other: Link): boolean {
  return comparedFields.every((field) => one[field] === other[field])
}

function isEqual(one: Buffer | null, other: Buffer | null): boolean {
  return one === null || other === null ? one === other : one.equals(other)
}
