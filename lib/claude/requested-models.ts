import { decodeBody } from './decode-body'
import { parseJson } from './json'

export interface SentBody {
  readonly bytes: Uint8Array
  readonly contentType: string | null
  readonly contentEncoding: string | null
}

/** A body and what its headers say about it. */
export function sentBody(headers: readonly (readonly [name: string, value: string])[], bytes: Uint8Array): SentBody {
  const valueOf = (wanted: string) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1] ?? null
  return { bytes, contentType: valueOf('content-type'), contentEncoding: valueOf('content-encoding') }
}

/** Members that hold what people and tools wrote: a `model` in there asks for nothing. */
const content = new Set(['messages', 'system', 'input_schema', 'metadata'])

/**
 * Every model that a body asks for: its own, those of its fallbacks, of tools that call one, of each call of a batch.
 * Empty = it asks for none. null = nobody can tell, which a list of allowed models must take for a no.
 */
export function readRequestedModels({ bytes, contentType, contentEncoding }: SentBody): readonly string[] | null {
  // An uploaded file; the Messages API takes JSON alone.
  if (bytes.length === 0 || contentType?.toLowerCase().startsWith('multipart/')) return []
  const decoded = decodeBody(bytes, contentEncoding)
  if (!decoded.isDecoded || decoded.problem) return null
  const { buffer, byteOffset, length } = decoded.bytes
  const parsed = parseJson(Buffer.from(buffer, byteOffset, length).toString('utf8'))
  return typeof parsed === 'object' && parsed !== null ? [...findModels(parsed)] : null
}

/** Without recursion: a body may be nested deeper than the stack is. */
function findModels(parsed: object): Set<string> {
  const models = new Set<string>()
  const open: object[] = [parsed]
  for (let value = open.pop(); value; value = open.pop()) {
    for (const [name, member] of Object.entries(value)) {
      if (name === 'model' && typeof member === 'string') models.add(member)
      else if (typeof member === 'object' && member !== null && !content.has(name)) open.push(member as object)
    }
  }
  return models
}

/**
 * Whether a list of model names allows all of these. A name that ends in a star stands for all that begin like it; an
 * empty list allows everything.
 */
export function allowsModels(allowed: readonly string[], models: readonly string[] | null): boolean {
  return allowed.length === 0 || (models?.every((model) => isListed(allowed, model)) ?? false)
}

function isListed(allowed: readonly string[], model: string): boolean {
  const name = model.toLowerCase()
  return allowed.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry))
}
