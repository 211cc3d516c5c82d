import type { PoolClient } from 'pg'
import type { RequestFacts } from '@/lib/claude/request-facts'
import type { ResponseFacts } from '@/lib/claude/response-facts'
import type { Erasures } from './erasures'
import type { Exchange } from './exchange'
import type { RequestRow } from './request-row'

/** How a request belongs to a conversation: columns of api_requests. */
export interface ConversationLink {
  readonly conversationId: string
  readonly branchId: string
  readonly parentRequestId: string | null
  readonly isSubtask: boolean
  readonly parentTaskRequestId: string | null
  readonly attemptOf: string | null
  readonly linkReason: string
}

/** A request that is about to be inserted, with everything a rule may want to look at. */
export interface LinkCandidate {
  readonly row: RequestRow
  readonly exchange: Exchange
  /** The parsed request body; undefined when it is not JSON. */
  readonly requestJson: unknown
  readonly requestFacts: RequestFacts
  readonly responseFacts: ResponseFacts
}

/**
 * Finds the links of new requests, in order of arrival, inside the transaction that inserts them: what it
 * writes (conversations, counters) is committed with the rows or not at all. Every candidate is new; the same
 * candidate comes again when the transaction had to be repeated. Missing ids stay unlinked. Of
 * requests that `erasures` cover it keeps the place, and nothing that was said.
 */
export type LinkConversations = (
  tx: PoolClient,
  candidates: readonly LinkCandidate[],
  erasures: Erasures,
) => Promise<ReadonlyMap<string, ConversationLink>>

export const linkNothing: LinkConversations = async () => new Map()
