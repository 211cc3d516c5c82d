import type { core, ZodType } from 'zod'
import { AppError, invalidField, isAppError, type ErrorCode } from './errors'
import { newId } from './ids'
import { log } from './log'

/** The one table code → status of the dashboard API. */
const statusOf: Record<ErrorCode, number> = {
  'invalid-request': 400,
  unauthenticated: 401,
  forbidden: 403,
  reauthenticate: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  'rate-limited': 429,
  unavailable: 503,
  internal: 500,
}

const titleOf: Record<ErrorCode, string> = {
  'invalid-request': 'Invalid request',
  unauthenticated: 'Unauthorized',
  forbidden: 'Forbidden',
  reauthenticate: 'Sign in again',
  'not-found': 'Not found',
  'method-not-allowed': 'Method not allowed',
  conflict: 'Conflict',
  'too-large': 'Too large',
  'rate-limited': 'Too many requests',
  unavailable: 'Unavailable',
  internal: 'Internal error',
}

/** A JSON answer that no cache keeps. Bigints become numbers. */
export function json(value: unknown, status = 200): Response {
  const text = JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? Number(item) : item))
  return new Response(text, { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' } })
}

/**
 * `{error, message, code, details?}` with an id in `x-nexus-request-id` that finds it in the log: a failure of ours
 * as an error, once; a refusal at level debug. What is not an AppError is answered without its text.
 */
export function errorResponse(error: unknown, { method, url }: Pick<Request, 'method' | 'url'>): Response {
  const known = isAppError(error) ? error : appErrorOf(error)
  const status = statusOf[known.code]
  const requestId = newId()
  const facts = { requestId, method, path: new URL(url).pathname, error }
  if (status >= 500) log().error(facts, 'a dashboard request failed')
  else log().debug(facts, 'a dashboard request was refused')
  const body = { error: titleOf[known.code], message: known.publicMessage, code: known.code, details: known.details }
  const response = json(body, status)
  response.headers.set('x-nexus-request-id', requestId)
  sayDetails(response.headers, known.details ?? {})
  return response
}

/** Prisma's words for what another change left of this one: its value is taken, its row is gone, or both waited. */
const meetings = new Set<unknown>(['P2002', 'P2025', 'P2034'])

function appErrorOf(error: unknown): AppError {
  return meetings.has((error as { code?: unknown } | null)?.code)
    ? new AppError('conflict', 'Somebody else has just changed the same. Look at it, then try again.')
    : new AppError('internal', 'Something went wrong here. The server log has the details.')
}

export function noSuchAddress(): AppError {
  return new AppError('not-found', 'The API has no such address.')
}

/** `allowed` are the methods that the address takes. */
export function noSuchMethod(method: string, allowed: readonly string[]): AppError {
  return new AppError('method-not-allowed', `This address takes ${allowed.join(', ')}, not ${method}.`, {
    details: { allowed },
  })
}

/** What HTTP has a header for. */
function sayDetails(headers: Headers, { retryAfterSeconds, allowed }: Record<string, unknown>): void {
  if (typeof retryAfterSeconds === 'number') headers.set('retry-after', String(retryAfterSeconds))
  if (Array.isArray(allowed)) headers.set('allow', allowed.join(', '))
}

/** Reads the query string with a schema; a bad value becomes a 400 that names the field. */
export function readQuery<T>(request: Request, schema: ZodType<T>): T {
  const given = Object.fromEntries([...new URL(request.url).searchParams].filter(([, value]) => value !== ''))
  return readShape(given, schema)
}

const mostBodyBytes = 1_048_576

/**
 * Reads a JSON body (at most 1 MiB) with a schema; a bad value becomes a 400 that names the field. A PATCH that
 * changes nothing is refused too, or the audit log would say that something changed.
 */
export async function readJson<T>(request: Request, schema: ZodType<T>): Promise<T> {
  if (!request.headers.get('content-type')?.startsWith('application/json')) {
    throw new AppError('invalid-request', 'Send JSON with content-type: application/json.')
  }
  const value = readShape(parseJson(await readText(request.body)), schema)
  if (request.method === 'PATCH' && Object.keys(value as object).length === 0)
    throw new AppError('invalid-request', 'Name a field to change.')
  return value
}

/** No further than the limit: some doors are open to people without a login. */
async function readText(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of (body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength
    if (bytes > mostBodyBytes) throw new AppError('too-large', 'The body is larger than 1 MiB.')
    pieces.push(piece)
  }
  return new TextDecoder().decode(Buffer.concat(pieces))
}

function parseJson(text: string): unknown {
  const fields: string[] = []
  const value = parseNoting(text, fields)
  if (fields[0] !== undefined) throw invalidField(fields[0], noText)
  return value
}

/** Notes the fields whose text holds U+0000. */
function parseNoting(text: string, fields: string[]): unknown {
  try {
    return JSON.parse(text, (key, item: unknown) => {
      if (hasNul(item)) fields.push(key)
      return item
    })
  } catch (cause) {
    throw new AppError('invalid-request', 'The body is not valid JSON.', { cause })
  }
}

/** Refuses an address with U+0000 in it: PostgreSQL keeps no such text, so nothing is called that. */
export function requirePlainAddress({ url }: Request): void {
  const { pathname, searchParams } = new URL(url)
  if (pathname.includes('%00')) throw new AppError('not-found', 'There is nothing of this name.')
  const [field] = [...searchParams].find(([, value]) => hasNul(value)) ?? []
  if (field !== undefined) throw invalidField(field, noText)
}

const hasNul = (value: unknown) => typeof value === 'string' && value.includes('\0')

const noText = 'holds U+0000, which is no character of a text'

/** Reads what a caller gave with a schema; a bad value becomes a 400 that names every field at fault. */
export function readShape<T>(value: unknown, schema: ZodType<T>): T {
  const result = schema.safeParse(value, { error: sayMissing })
  if (result.success) return result.data
  const fields = result.error.issues.flatMap((issue) => faultsOf(issue))
  const { field, message } = fields[0] ?? { field: '', message: 'it has no right shape' }
  throw new AppError('invalid-request', `${field || 'The request is not valid'}: ${message}`, { details: { fields } })
}

/** For schemas that have no words of their own for it. */
function sayMissing({ code, input }: core.$ZodRawIssue): string | undefined {
  return code === 'invalid_type' && input === undefined ? 'is missing' : undefined
}

interface Fault {
  readonly field: string
  readonly message: string
}

/** Names every field, also where the schema speaks of the object around it. */
function faultsOf(issue: core.$ZodIssue, above: readonly PropertyKey[] = []): Fault[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'is not a field here' }))
  // Of several shapes the one that was meant: it has the fewest faults.
  const [nearest] =
    issue.code === 'invalid_union' ? issue.errors.toSorted((one, other) => one.length - other.length) : []
  if (nearest?.length) return nearest.flatMap((inner) => faultsOf(inner, path))
  return [{ field: path.join('.'), message: issue.message }]
}
