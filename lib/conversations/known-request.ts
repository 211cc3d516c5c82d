import type { LinkRole } from './link-facts'

/** How a request belongs to a conversation, with what later decisions need of it. */
export interface Link {
  readonly conversationId: string
  readonly branchId: string
  readonly startsBranch: boolean
  readonly parentRequestId: string | null
  readonly isSubtask: boolean
  readonly parentTaskRequestId: string | null
  /** Which of the parent's sub-task calls started this one. */
  readonly taskOrdinal: number | null
  readonly attemptOf: string | null
  /** Attempts of one turn are one node of the tree. */
  readonly nodeId: string
  readonly parentNodeId: string | null
}

/** A link and what it was made by. */
export interface ExplainedLink extends Link {
  readonly linkReason: string
}

/** An older request of the same domain. */
export interface KnownRequest extends Link {
  readonly requestId: string
  readonly role: LinkRole
  readonly sessionId: string | null
  readonly agentId: string
  readonly clientKeyId: string | null
  readonly wasAnswered: boolean
  readonly isThread: boolean
  readonly transcriptHash: Buffer | null
  readonly transcriptLength: number
  /** The transcript with the answer. */
  readonly answerHash: Buffer | null
  /** In the database, older than the request in question, an answered turn goes on from it on its own branch. */
  readonly hasChild: boolean
  /** Some are stored with it: they were not deleted. */
  readonly hasWords: boolean
}

/** A request found under a key. */
export interface Match {
  readonly request: KnownRequest
  readonly ordinal: number
  /** The sub-task call of this ordinal has its sub-task already. */
  readonly isTaken: boolean
}

/** What was found for one request; every list newest first. */
export interface Findings {
  /** Same beginning of the transcript, or the same transcript. */
  readonly byTranscript: readonly KnownRequest[]
  readonly byAnswer: readonly KnownRequest[]
  readonly byPrompt: readonly Match[]
  readonly bySummary: readonly Match[]
  readonly byMessage: readonly KnownRequest[]
  /** Latest turn of the same session and agent, of its main agent, of the parent agent. */
  readonly latestOwn: KnownRequest | null
  readonly latestMain: KnownRequest | null
  readonly latestOfParentAgent: KnownRequest | null
  readonly latestCompaction: KnownRequest | null
  /** Latest of the session, side calls too. */
  readonly latestOfSession: KnownRequest | null
}
