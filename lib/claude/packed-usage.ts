import { isDeepStrictEqual } from 'node:util'
import { asRecord, parseJson, stringifyJson, type JsonRecord } from './json'

/** The counters that a recorded request has beside its usage object. */
export interface UsageCounters {
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cacheCreationInputTokens: number | null
  readonly cacheCreation1hTokens: number | null
  readonly cacheReadInputTokens: number | null
}

/** No JSON object begins like this. */
const mark = '+'

/** What a usage object nearly always is, given its counters. */
function usualUsage(counters: UsageCounters): JsonRecord {
  const created = counters.cacheCreationInputTokens ?? 0
  const createdFor1h = counters.cacheCreation1hTokens ?? 0
  return {
    input_tokens: counters.inputTokens,
    cache_creation_input_tokens: created,
    cache_read_input_tokens: counters.cacheReadInputTokens,
    cache_creation: { ephemeral_5m_input_tokens: created - createdFor1h, ephemeral_1h_input_tokens: createdFor1h },
    output_tokens: counters.outputTokens,
    service_tier: 'standard',
    inference_geo: 'global',
  }
}

/** The JSON text of a usage object as what differs from the usual one; the text itself where that would lose anything. */
export function packUsage(json: string, counters: UsageCounters): string {
  const usage = asRecord(parseJson(json))
  if (!usage) return json
  const usual = usualUsage(counters)
  const missing = Object.keys(usual).filter((name) => !Object.hasOwn(usage, name))
  const differing = Object.entries(usage).filter(([name, value]) => !isDeepStrictEqual(usual[name], value))
  const patch = Object.fromEntries([...missing.map((name) => [name, null] as const), ...differing])
  const packed = mark + (stringifyJson(patch) ?? '')
  return packed.length < json.length && isDeepStrictEqual(unpackUsage(packed, counters), usage) ? packed : json
}

/** The usage object of a recorded request, given its counters; null when there is none. */
export function unpackUsage(packed: string, counters: UsageCounters): JsonRecord | null {
  if (!packed.startsWith(mark)) return asRecord(parseJson(packed))
  const patch = asRecord(parseJson(packed.slice(mark.length)))
  if (!patch) return null
  const usual = usualUsage(counters)
  const isMissing = (name: string) => Object.hasOwn(usual, name) && patch[name] === null
  return Object.fromEntries(Object.entries({ ...usual, ...patch }).filter(([name]) => !isMissing(name)))
}
