/** Reading values nobody has checked: what arrives on the wire may be any JSON, or none. */

export type JsonRecord = Record<string, unknown>

/** The value of a JSON text, or undefined when it is not JSON. Never throws, however deep the nesting. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON is an answer like any other; the raw bytes are kept elsewhere.
    return undefined
  }
}

/**
 * Far more than anybody means, and far less than what recursive readers (JSON.stringify before Node 26,
 * isDeepStrictEqual, React) end at: how deep those go depends on what called them.
 */
const deepestNesting = 1000

/** The JSON text of a value, or null when it is nested too deep to be passed on; `indent` spaces a level. */
export function stringifyJson(value: unknown, indent?: number): string | null {
  return isDeeperThan(deepestNesting, value) ? null : (JSON.stringify(value, null, indent) ?? null)
}

/** Level by level and not by recursion: the value may be of any depth. */
function isDeeperThan(levels: number, value: unknown): boolean {
  let level = [value].filter(isContainer)
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > levels) return true
    level = level.flatMap((one) => Object.values(one).filter(isContainer))
  }
  return false
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function asRecord(value: unknown): JsonRecord | null {
  return isRecord(value) ? value : null
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A non-empty string, at most `maxLength` UTF-16 units. */
export function asText(value: unknown, maxLength = 200): string | null {
  return typeof value === 'string' && value !== '' ? clip(value, maxLength) : null
}

/** A count that a number holds exactly: 0, 1, 2 … Anything else (1e400, -1, 2^60, "3") is null. */
export function asCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null
}

/** The first `maxLength` UTF-16 units, never half of a surrogate pair. */
export function clip(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  const last = text.charCodeAt(maxLength - 1)
  const isHighSurrogate = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, isHighSurrogate ? maxLength - 1 : maxLength)
}

/** Copies the entries that are not null; `__proto__` is a key like any other on the wire, but not in an object. */
export function assignKnown(target: JsonRecord, source: JsonRecord, except: ReadonlySet<string> = new Set()): void {
  for (const [key, value] of Object.entries(source)) {
    if (value !== null && value !== undefined && key !== '__proto__' && !except.has(key)) target[key] = value
  }
}
