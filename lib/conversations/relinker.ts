import type { PoolClient } from 'pg'
import { linkReasons } from '@/lib/recorder/usual-text'
import type { ExplainedLink } from './known-request'
import { noLabels, type LinkFacts } from './link-facts'
import {
  copyWords,
  deleteKeys,
  deleteLink,
  insertKeys,
  insertLinks,
  packWants,
  updateLink,
  type LinkedFacts,
} from './link-rows'
import type { LinkSecrets } from './link-secrets'
import type { StoredFacts } from './load-facts'
import type { LinkResolver } from './resolve-link'

/** A recorded request whose place is decided again. */
export interface Again {
  readonly requestId: string
  /** null = it belongs to no conversation, or nobody can tell. */
  readonly facts: LinkFacts | null
  /** null = it is not linked yet. */
  readonly stored: StoredFacts | null
  /** Its facts were read from its content just now; null = they are those that were stored. */
  readonly reading: Reading | null
}

interface Reading {
  readonly hasNewKind: boolean
  /** What it could be found by when it had its old kind. */
  readonly oldOffers: LinkFacts['offers']
}

/** null = no conversation. */
export interface LinkChange {
  readonly requestId: string
  readonly before: ExplainedLink | null
  readonly after: ExplainedLink | null
}

/** The first of several that is stored otherwise than it was. */
interface Relinked {
  readonly requestId: string
  /** null = it belongs to no conversation any more. */
  readonly linked: LinkedFacts | null
  readonly conversationIds: readonly string[]
}

interface RelinkerTools {
  readonly resolver: LinkResolver
  readonly secrets: LinkSecrets
}

/**
 * Decides again about requests that are in the database. Writes what they are linked by; `recordPlaces` brings their
 * rows along.
 */
export class Relinker {
  readonly changes: LinkChange[] = []

  constructor(
    private readonly tx: PoolClient,
    private readonly tools: RelinkerTools,
  ) {}

  /** Oldest first; stops behind the first that changed, since what was asked for the others may not hold any more. */
  async relinkUntilChange(together: readonly Again[]): Promise<Relinked | null> {
    await this.tools.resolver.prefetch(together.flatMap(({ facts }) => facts ?? []))
    for (const again of together) {
      const relinked = await this.relinkOne(again)
      if (relinked) return relinked
    }
    return null
  }

  private async relinkOne(again: Again): Promise<Relinked | null> {
    const { requestId, facts, stored, reading } = again
    if (!facts) return stored && reading ? this.takeOut(again, stored) : null
    const linked = await this.tools.resolver.resolve(facts)
    if (!stored) await insertLinks(this.tx, [await this.withKeptText(linked)], this.tools.secrets)
    else if (isUnknown(again, stored, linked) || isSame(again, stored, linked)) return null
    else await this.write(again, stored, linked)
    return this.note(requestId, stored, linked)
  }

  private async write({ requestId, reading }: Again, stored: StoredFacts, linked: LinkedFacts): Promise<void> {
    const { secrets } = this.tools
    const hasLeft = stored.link.conversationId !== linked.link.conversationId
    if (!reading) {
      await updateLink(this.tx, linked, { update: 'place', secrets })
      if (hasLeft) await copyWords(this.tx, requestId)
    } else {
      const update = reading.hasNewKind || hasLeft ? 'words' : 'content'
      await updateLink(this.tx, await this.withKeptText(linked), { update, secrets })
      await deleteKeys(this.tx, requestId, this.staleKeys(reading, stored, linked))
    }
    await insertKeys(this.tx, [linked])
  }

  private async takeOut({ requestId, reading }: Again, stored: StoredFacts): Promise<Relinked> {
    await deleteLink(this.tx, requestId)
    if (reading) await deleteKeys(this.tx, requestId, this.staleKeys(reading, stored, null))
    return this.note(requestId, stored, null)
  }

  private note(requestId: string, stored: StoredFacts | null, linked: LinkedFacts | null): Relinked {
    const [before, after] = [stored?.link ?? null, linked?.link ?? null]
    if (!before || !after || !isSameLink(before, after)) this.changes.push({ requestId, before, after })
    return { requestId, linked, conversationIds: [before, after].flatMap((link) => link?.conversationId ?? []) }
  }

  /** Content may have been deleted since it was read: then its words and labels are not written again. */
  private async withKeptText(linked: LinkedFacts): Promise<LinkedFacts> {
    const { rowCount } = await this.tx.query('SELECT FROM request_bodies WHERE request_id = $1 FOR KEY SHARE', [
      linked.facts.requestId,
    ])
    return rowCount ? linked : { ...linked, words: [], labels: noLabels }
  }

  private staleKeys({ oldOffers }: Reading, stored: StoredFacts, linked: LinkedFacts | null): Buffer[] {
    const { keyOf } = this.tools.secrets
    const old = [
      ...oldOffers.map(({ key }) => key),
      ...(stored.transcriptHash ? [keyOf('transcript', stored.transcriptHash)] : []),
    ]
    return old.filter((key) => !linked?.keys.some((other) => other.key.equals(key)))
  }
}

/** Recorded under another ENCRYPTION_KEY: nothing of it can be found, so it stays as it was linked. */
function isUnknown({ reading, facts }: Again, stored: StoredFacts, linked: LinkedFacts): boolean {
  return !reading && !facts?.isThread && !isEqual(stored.transcriptHash, linked.transcriptHash)
}

function isSame({ reading }: Again, stored: StoredFacts, linked: LinkedFacts): boolean {
  if (!isSameLink(stored.link, linked.link)) return false
  return !reading || (!reading.hasNewKind && isSameContent(stored, linked))
}

function isSameContent(stored: StoredFacts, { facts, transcriptHash, base }: LinkedFacts): boolean {
  const was = stored.facts
  if (!was || stored.baseRequestId !== (base?.requestId ?? null)) return false
  const flags = ['role', 'isThread', 'isSubagent', 'wasAnswered'] as const
  return (
    flags.every((flag) => was[flag] === facts[flag]) &&
    isEqual(stored.transcriptHash, transcriptHash) &&
    isEqual(was.answerDigest, facts.answerDigest) &&
    packWants(was.wants).equals(packWants(facts.wants))
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

/** Brings the rows of requests to their new places. */
export async function recordPlaces(tx: PoolClient, changes: readonly LinkChange[]): Promise<void> {
  if (changes.length === 0) return
  const ids = changes.map(({ requestId }) => requestId)
  const column = (value: (link: ExplainedLink) => unknown) => changes.map(({ after }) => after && value(after))
  await tx.query({
    name: 'record-places',
    text: recordPlacesSql,
    values: [
      ids,
      column((link) => link.conversationId),
      column((link) => link.branchId),
      column((link) => link.parentRequestId),
      changes.map(({ after }) => after?.isSubtask ?? false),
      column((link) => link.parentTaskRequestId),
      column((link) => link.attemptOf),
      column((link) => linkReasons.shorten(link.linkReason)),
      ids.toSorted()[0],
      ids.toSorted().at(-1),
    ],
  })
}

const recordPlacesSql = `UPDATE api_requests r SET conversation_id = n.conversation_id, branch_id = n.branch_id,
    parent_request_id = n.parent_request_id, is_subtask = n.is_subtask,
    parent_task_request_id = n.parent_task_request_id, attempt_of = n.attempt_of, link_reason = n.link_reason
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::boolean[], $6::uuid[], $7::uuid[], $8::text[])
    AS n (request_id, conversation_id, branch_id, parent_request_id, is_subtask, parent_task_request_id, attempt_of, link_reason)
  WHERE r.request_id = n.request_id AND r.request_id BETWEEN $9 AND $10`
