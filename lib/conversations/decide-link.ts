import { timeOfId } from '@/lib/ids'
import type { Findings, KnownRequest, Match } from './known-request'
import type { LinkFacts } from './link-facts'
import type { Transcript } from './rolled-transcript'

/** What a request is to those before it. */
export type Decision =
  | {
      readonly kind: 'root'
      readonly reason: string
      readonly conversationId?: string
      readonly isSubtask?: boolean
      /** Said instead of another first turn: its branch is there already. */
      readonly isInstead?: boolean
    }
  | { readonly kind: 'attempt'; readonly reason: string; readonly of: KnownRequest }
  | { readonly kind: 'child'; readonly reason: string; readonly parent: KnownRequest }
  | { readonly kind: 'compact'; readonly reason: string; readonly parent: KnownRequest }
  | {
      readonly kind: 'subtask'
      readonly reason: string
      readonly parent: KnownRequest
      readonly ordinal: number | null
    }
  | { readonly kind: 'side'; readonly reason: string; readonly of: KnownRequest | null }

interface LinkCase {
  readonly facts: LinkFacts
  readonly transcript: Transcript
  readonly found: Findings
}

type Rule = (one: LinkCase) => Decision | null

/** How long a call for a sub-task waits for a first request that names no agent. */
const taskPatienceMs = 3_600_000
/** A beginning this long has an answer in it: equal ones are no coincidence. */
const tellingLength = 3

/** In order; the first that knows an answer decides. */
const rules: readonly Rule[] = [
  sideCall,
  continuedThread,
  nextAttempt,
  startedAgent,
  editedHistory,
  continuedAnswer,
  promptedTask,
  continuedSummary,
  continuedBeginning,
  sameAgent,
  firstTurnOfSession,
  insteadOfFirstTurn,
]

/** Pure. Sees only requests that are older than the one in question. */
export function decideLink(one: LinkCase): Decision {
  for (const rule of rules) {
    const decision = rule(one)
    if (decision) return decision
  }
  return { kind: 'root', reason: one.facts.digests.length > 1 ? 'earlier turns were not recorded' : 'first turn' }
}

function sideCall({ facts, found }: LinkCase): Decision | null {
  if (facts.role !== 'side') return null
  const of = found.latestOwn ?? found.latestMain ?? found.latestOfSession
  return { kind: 'side', of, reason: of ? 'side call of the session' : 'side call before the first turn' }
}

function continuedThread({ facts, found }: LinkCase): Decision | null {
  const parent = facts.isThread ? found.byMessage[0] : undefined
  return parent ? { kind: 'child', parent, reason: 'continues the message thread' } : null
}

function nextAttempt({ facts, transcript, found }: LinkCase): Decision | null {
  const of = found.byTranscript.find(
    (known) =>
      known.transcriptLength === transcript.length && known.role === facts.role && isSameTurn(facts, known, transcript),
  )
  return of ? { kind: 'attempt', of, reason: 'same transcript again' } : null
}

/** Two clients may begin with the same words; one client that repeats itself without a failure begins anew. */
function isSameTurn(facts: LinkFacts, known: KnownRequest, transcript: Transcript): boolean {
  if (!isSameLane(facts, known)) return false
  return facts.sessionId !== null || transcript.length >= tellingLength || !known.wasAnswered
}

/** The same agent of the same session; without sessions, the same client key. */
function isSameLane(facts: LinkFacts, known: KnownRequest): boolean {
  if (facts.sessionId !== known.sessionId || facts.agentId !== known.agentId) return false
  return facts.sessionId !== null || facts.clientKeyId === known.clientKeyId
}

function startedAgent({ facts, found }: LinkCase): Decision | null {
  if (facts.agentId === '' || found.latestOwn) return null
  const call = chooseCall(facts, found)
  if (call)
    return {
      kind: 'subtask',
      parent: call.request,
      ordinal: call.ordinal,
      reason: 'agent id and prompt of a sub-task call',
    }
  const parent = found.latestOfParentAgent ?? found.latestMain
  if (parent) return { kind: 'subtask', parent, ordinal: null, reason: 'agent id of the session' }
  return { kind: 'root', isSubtask: true, reason: 'agent of a session that was not recorded' }
}

function promptedTask({ facts, found }: LinkCase): Decision | null {
  if (facts.agentId !== '') return null
  const call = chooseCall(facts, found)
  if (!call || ageMs(facts, call.request) > taskPatienceMs) return null
  return { kind: 'subtask', parent: call.request, ordinal: call.ordinal, reason: 'prompt of a sub-task call' }
}

function chooseCall(facts: LinkFacts, { byPrompt }: Findings): Match | null {
  const open = byPrompt.filter(({ isTaken, request }) => !isTaken && mayBelongTogether(facts, request))
  const own = open.filter(({ request }) => request.sessionId === facts.sessionId)
  // An agent within another may be given the very words that another agent was given.
  return own.find(({ request }) => request.agentId === (facts.parentAgentId ?? '')) ?? own[0] ?? open[0] ?? null
}

/** Where both name a session, it must be the same; where one does not, the client key must. */
function mayBelongTogether(facts: LinkFacts, known: KnownRequest): boolean {
  if (facts.sessionId !== null && known.sessionId !== null) return facts.sessionId === known.sessionId
  return facts.clientKeyId === known.clientKeyId
}

function ageMs(facts: LinkFacts, known: KnownRequest): number {
  return timeOfId(facts.requestId).getTime() - timeOfId(known.requestId).getTime()
}

/** The longest known beginning, where its very answer comes next. */
function continuedAnswer(one: LinkCase): Decision | null {
  const parent = longestBeginning(one)
  if (!parent || !hasItsAnswer(one.transcript, parent)) return null
  return { kind: 'child', parent, reason: 'continues the transcript and its answer' }
}

function continuedBeginning(one: LinkCase): Decision | null {
  const parent = longestBeginning(one)
  return parent ? { kind: 'child', parent, reason: 'longest known beginning' } : null
}

/** A fork sends the history under a new session: that counts when an answer is part of what both have. */
function longestBeginning({ facts, transcript, found }: LinkCase): KnownRequest | null {
  const accepted = found.byTranscript.filter(
    (known) =>
      known.transcriptLength < transcript.length &&
      (hasItsAnswer(transcript, known) || isSameLane(facts, known) || known.transcriptLength >= tellingLength),
  )
  const score = (known: KnownRequest) =>
    known.transcriptLength * 4 + (hasItsAnswer(transcript, known) ? 2 : 0) + (isSameLane(facts, known) ? 1 : 0)
  return accepted.reduce<KnownRequest | null>((best, known) => {
    const difference = best ? score(known) - score(best) : 1
    return difference > 0 || (difference === 0 && best && known.requestId > best.requestId) ? known : best
  }, null)
}

function hasItsAnswer(transcript: Transcript, known: KnownRequest): boolean {
  const next = transcript.hashAt(known.transcriptLength + 1)
  return next !== null && known.answerHash !== null && next.equals(known.answerHash)
}

/** Only a new beginning continues a summary: later turns carry it along in their history. */
function continuedSummary(one: LinkCase): Decision | null {
  const { facts, found } = one
  if (facts.wants.summaries.length === 0 || longestBeginning(one)) return null
  const match = found.bySummary
    .filter(({ request }) => request.requestId < facts.requestId)
    .reduce<Match | null>((best, other) => (best && best.ordinal >= other.ordinal ? best : other), null)
  if (match) return { kind: 'compact', parent: match.request, reason: 'continues a summary' }
  const parent = found.latestCompaction ?? found.latestOwn
  return parent ? { kind: 'compact', parent, reason: 'continuation marker in the same session' } : null
}

/**
 * Clients clear old tool results in place: the beginning differs, but the last answer stands where it stood. Short
 * answers are alike everywhere: without a session the conversation must also have begun alike.
 */
function editedHistory(one: LinkCase): Decision | null {
  const { facts, transcript, found } = one
  const parent = found.byAnswer.find(
    (known) =>
      known.role === 'turn' &&
      known.transcriptLength === transcript.length - 2 &&
      isSameLane(facts, known) &&
      (facts.sessionId !== null || found.byTranscript.some((other) => other.conversationId === known.conversationId)),
  )
  if (!parent || parent.transcriptLength <= (longestBeginning(one)?.transcriptLength ?? 0)) return null
  return { kind: 'child', parent, reason: 'continues the answer, history edited' }
}

function sameAgent({ facts, found }: LinkCase): Decision | null {
  if (facts.agentId === '' || !found.latestOwn) return null
  return { kind: 'child', parent: found.latestOwn, reason: 'same agent of the session' }
}

/** Title and quota calls may come first: the session has its conversation already. */
function firstTurnOfSession({ found }: LinkCase): Decision | null {
  const first = found.latestOfSession
  if (!first || first.role !== 'side' || found.latestMain) return null
  return { kind: 'root', conversationId: first.conversationId, reason: 'first turn of the session' }
}

/** Taken back, or given up, before it was answered: nothing but the session says what it was the beginning of. */
function insteadOfFirstTurn({ facts, found: { latestMain } }: LinkCase): Decision | null {
  if (facts.agentId !== '' || !latestMain || latestMain.parentNodeId !== null || latestMain.answerHash) return null
  const { conversationId } = latestMain
  return { kind: 'root', conversationId, isInstead: true, reason: 'said instead of a first turn without an answer' }
}
