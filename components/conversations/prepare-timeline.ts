import type { ConversationRequest } from '@/lib/conversations/get-conversation'

export interface TimelineSpan {
  readonly requestId: string
  readonly lane: number
  /** 0 to 1 along the line. */
  readonly start: number
  readonly end: number
  readonly look: 'turn' | 'compaction' | 'side' | 'error'
  readonly branchId: string
  readonly atMs: number
  /** More than one: too close to each other to be drawn apart. */
  readonly requestCount: number
}

export interface Timeline {
  /** The two ends of the line. */
  readonly fromMs: number
  readonly toMs: number
  readonly lanes: readonly string[]
  readonly spans: readonly TimelineSpan[]
  /** Context tokens of the main agent along the line. */
  readonly fill: readonly { readonly at: number; readonly tokens: number }[]
  readonly mostTokens: number
  /** Where nobody worked for long, and how long. */
  readonly gaps: readonly { readonly at: number; readonly idleMs: number }[]
}

/** A longer pause is drawn this long, or as a part of the time in which something was done. */
const longestIdleMs = 60_000
const longestIdleShare = 0.1
const shortestPauseMs = 5_000
const shortestSpanMs = 500
/** Of all lanes together; more could not be told apart, and each is an element of the page. */
const mostPlaces = 300

/** Pure: requests as spans on lanes, one lane an agent; long pauses are cut short and marked. */
export function prepareTimeline(requests: readonly ConversationRequest[]): Timeline {
  const sorted = requests.toSorted((a, b) => a.timestamp.localeCompare(b.timestamp))
  const { placeOf, gaps, fromMs, toMs } = shortenPauses(sorted)
  const lanes = [...new Set(sorted.map(laneOf))].sort(byNumber)
  const fill = sorted
    .filter(({ isSubtask, role }) => !isSubtask && role === 'turn')
    .map((request) => ({ at: placeOf(startOf(request)), tokens: contextOf(request) }))
    .filter(({ tokens }) => tokens > 0)
  return {
    fromMs,
    toMs,
    lanes,
    gaps,
    fill,
    mostTokens: Math.max(0, ...fill.map(({ tokens }) => tokens)),
    spans: joinSpans(
      sorted.map((request) => ({
        requestId: request.requestId,
        lane: lanes.indexOf(laneOf(request)),
        start: placeOf(startOf(request)),
        end: placeOf(endOf(request)),
        look: lookOf(request),
        branchId: request.branchId,
        atMs: startOf(request),
        requestCount: 1,
      })),
      Math.max(20, Math.floor(mostPlaces / Math.max(1, lanes.length))),
    ),
  }
}

/** Spans that begin at the same place of a lane and look the same are one. */
function joinSpans(spans: readonly TimelineSpan[], placesPerLane: number): TimelineSpan[] {
  const joined = new Map<string, TimelineSpan>()
  for (const span of spans) {
    const key = `${span.lane} ${span.look} ${Math.floor(span.start * placesPerLane)}`
    const before = joined.get(key)
    joined.set(
      key,
      before ? { ...before, end: Math.max(before.end, span.end), requestCount: before.requestCount + 1 } : span,
    )
  }
  return [...joined.values()]
}

const startOf = ({ timestamp }: ConversationRequest) => Date.parse(timestamp)
const endOf = (request: ConversationRequest) => startOf(request) + Math.max(shortestSpanMs, request.responseTimeMs ?? 0)

/** Tokens the model read. */
function contextOf(request: ConversationRequest): number {
  return (request.inputTokens ?? 0) + (request.cacheCreationInputTokens ?? 0) + (request.cacheReadInputTokens ?? 0)
}

/** Of sub-tasks without a branch of their own. */
export const unnamedLane = 'sub-tasks'

/** Sub-tasks by their own branch; whatever the main agent did, on one lane. */
function laneOf({ isSubtask, branchId }: ConversationRequest): string {
  return isSubtask && branchId.startsWith('subtask_') ? branchId : isSubtask ? unnamedLane : 'main'
}

function byNumber(one: string, other: string): number {
  const number = (lane: string) => (lane === 'main' ? -1 : Number(lane.split('_')[1] ?? 0))
  return number(one) - number(other)
}

function lookOf({ status, outcome, role }: ConversationRequest): TimelineSpan['look'] {
  if ((status ?? 0) >= 400 || (outcome !== 'completed' && outcome !== 'client_aborted')) return 'error'
  return role
}

interface Pause {
  readonly fromMs: number
  readonly idleMs: number
}

/** The times in which no agent waited for an answer. */
function findIdle(sorted: readonly ConversationRequest[], first: number): Pause[] {
  const idle: Pause[] = []
  let busyUntil = first
  for (const request of sorted) {
    const idleMs = startOf(request) - busyUntil
    if (idleMs > 0) idle.push({ fromMs: busyUntil, idleMs })
    busyUntil = Math.max(busyUntil, endOf(request))
  }
  return idle
}

function shortenPauses(sorted: readonly ConversationRequest[]) {
  const first = sorted[0] ? startOf(sorted[0]) : 0
  const idle = findIdle(sorted, first)
  const lastMs = Math.max(first, ...sorted.map(endOf))
  const busyMs = lastMs - first - idle.reduce((sum, { idleMs }) => sum + idleMs, 0)
  const longestMs = Math.min(longestIdleMs, Math.max(shortestPauseMs, busyMs * longestIdleShare))
  const pauses = idle.filter(({ idleMs }) => idleMs > longestMs)
  const shortened = (atMs: number) =>
    pauses.reduce((total, { fromMs, idleMs }) => {
      const saved = idleMs - longestMs
      return total - Math.min(Math.max(0, atMs - fromMs), saved)
    }, atMs - first)
  const length = Math.max(1, shortened(lastMs))
  const placeOf = (atMs: number) => shortened(atMs) / length
  return {
    fromMs: first,
    toMs: lastMs,
    placeOf,
    gaps: pauses.map(({ fromMs, idleMs }) => ({ at: placeOf(fromMs + idleMs), idleMs })),
  }
}
