/** Which tokens of a usage object are billed, at which model, and how: the part of pricing that knows no prices. */
import { asArray, asCount, asRecord, isRecord, type JsonRecord } from './json'

/** Tokens billed together: one sampling of one model. */
export interface BilledPortion {
  /** `message`, or the type of the iteration: `compaction`, `advisor_message`, `fallback_message` … */
  readonly type: string
  readonly model: string | null
  readonly input: number
  readonly output: number
  readonly cacheWrite5m: number
  readonly cacheWrite1h: number
  readonly cacheRead: number
}

export interface BilledUsage {
  readonly portions: readonly BilledPortion[]
  readonly webSearches: number
  readonly isBatch: boolean
  readonly isFast: boolean
  readonly geo: string | null
  /** Something about the figures had to be assumed. */
  readonly isAssumed: boolean
}

/** Types of iterations that are attempts at the answer itself. */
const attemptTypes = new Set(['message', 'fallback_message'])

export function readBilledUsage(usage: JsonRecord, model: string | null, isRefusedBeforeOutput: boolean): BilledUsage {
  const counts = new Counts()
  const iterations = asArray(usage.iterations).filter(isRecord)
  const billed = iterations.length > 0 ? iterations : [usage]
  const portions = billed
    .filter((part, index) => !(isAttempt(part) && (isRefusedBeforeOutput || isDeclined(iterations, index))))
    .map((part) => portionOf(part, model, counts))
  const tools = asRecord(usage.server_tool_use) ?? {}
  return {
    portions,
    webSearches: counts.read(tools.web_search_requests),
    isBatch: usage.service_tier === 'batch',
    isFast: usage.speed === 'fast',
    geo: typeof usage.inference_geo === 'string' ? usage.inference_geo : null,
    isAssumed: counts.isAssumed || hasHiddenPrice(usage, tools),
  }
}

/** The top-level usage object has no type and is the one attempt there was. */
function isAttempt(part: JsonRecord): boolean {
  return part.type === undefined || (typeof part.type === 'string' && attemptTypes.has(part.type))
}

/** An attempt that refused before any output is listed but free; the next model's attempt follows it. */
function isDeclined(iterations: readonly JsonRecord[], index: number): boolean {
  const next = iterations.slice(index + 1).find(isAttempt)
  return next?.type === 'fallback_message' && (asCount(iterations[index]?.output_tokens) ?? 0) === 0
}

/** Redeemed fallback credit, priority tier and container hours change the bill in ways the usage object does not say. */
function hasHiddenPrice(usage: JsonRecord, tools: JsonRecord): boolean {
  const credit = asRecord(asRecord(usage.fallback_credit)?.status)?.type
  return credit === 'redeemed' || usage.service_tier === 'priority' || (asCount(tools.code_execution_requests) ?? 0) > 0
}

function portionOf(part: JsonRecord, model: string | null, counts: Counts): BilledPortion {
  const split = asRecord(part.cache_creation)
  const total = counts.read(part.cache_creation_input_tokens)
  const hours = counts.read(split?.ephemeral_1h_input_tokens)
  const minutes = counts.read(split?.ephemeral_5m_input_tokens)
  // Writes nobody assigned to a duration are five-minute writes: the default, and what server tools insert.
  const unassigned = Math.max(0, total - hours - minutes)
  if (unassigned > 0) counts.isAssumed = true
  return {
    type: typeof part.type === 'string' ? part.type : 'message',
    model: typeof part.model === 'string' ? part.model : model,
    input: counts.read(part.input_tokens),
    output: counts.read(part.output_tokens),
    cacheWrite5m: minutes + unassigned,
    cacheWrite1h: hours,
    cacheRead: counts.read(part.cache_read_input_tokens),
  }
}

/** Reads counters; an absent one is 0, a nonsensical one is 0 and remembered. */
class Counts {
  isAssumed = false

  read(value: unknown): number {
    const count = asCount(value)
    if (count === null && value !== null && value !== undefined) this.isAssumed = true
    return count ?? 0
  }
}
