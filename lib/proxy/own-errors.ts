import { errorBody } from '@/lib/claude/error-body'
import type { Answer, HeaderList, NoAccount, NotAdmitted, OverLimit } from './ports'

/** An error that we answer ourselves, in Anthropic's envelope. Upstream errors never become one. */
export interface OwnError {
  readonly status: number
  readonly type: string
  readonly message: string
  readonly headers: HeaderList
  /** A curl without `anthropic-version` gets this body instead of the envelope. */
  readonly plainBody?: object
}

/** Tells the SDKs and Claude Code that trying again cannot help. */
const doNotRetry = ['x-should-retry', 'false'] as const
const close = ['connection', 'close'] as const
const retryAfter = (seconds: number) => ['retry-after', String(Math.max(1, Math.ceil(seconds)))] as const

export const ownErrors = {
  unauthorized: (isPlainCurl: boolean): OwnError => ({
    status: 401,
    type: 'authentication_error',
    message: 'Invalid client API key',
    headers: [['www-authenticate', 'Bearer'], doNotRetry],
    plainBody: isPlainCurl ? { error: 'Unauthorized', message: 'Invalid client API key' } : undefined,
  }),
  keyNotCheckable: (): OwnError => ({
    status: 503,
    type: 'api_error',
    message: 'The client API key cannot be checked right now. Try again in a moment.',
    headers: [retryAfter(2)],
  }),
  shuttingDown: (): OwnError => ({
    status: 503,
    type: 'overloaded_error',
    message: 'The proxy is shutting down. Try again.',
    headers: [retryAfter(1)],
  }),
  notFound: (): OwnError => ({ status: 404, type: 'not_found_error', message: 'Not found', headers: [doNotRetry] }),
  methodNotAllowed: (): OwnError => ({
    status: 405,
    type: 'invalid_request_error',
    message: 'Method Not Allowed',
    headers: [['allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'], doNotRetry],
  }),
  tooLarge: (maxBytes: number): OwnError => ({
    status: 413,
    type: 'request_too_large',
    message: `Request exceeds the maximum allowed number of bytes (${maxBytes}).`,
    headers: [doNotRetry, close],
  }),
  noAccount: (domain: string, { retryAfterSeconds, obstacle, overLimit }: NoAccount): OwnError => {
    if (overLimit) return ownErrors.overLimit(overLimit)
    if (obstacle === 'model') {
      const message = `No account of ${domain} may serve this model.`
      return { status: 403, type: 'permission_error', message, headers: [doNotRetry] }
    }
    if (retryAfterSeconds === null) {
      const message = `Domain ${domain} has no usable account. Add or resume one in the dashboard under Accounts.`
      return { status: 503, type: 'api_error', message, headers: [doNotRetry] }
    }
    const message = `The accounts of ${domain} cannot be asked right now. Try again in a moment.`
    return { status: 503, type: 'api_error', message, headers: [retryAfter(retryAfterSeconds)] }
  },
  modelNotAllowed: (model: string | null): OwnError => ({
    status: 403,
    type: 'permission_error',
    message:
      model === null ? 'This client key needs a model that can be read.' : `This client key may not use ${model}.`,
    headers: [doNotRetry],
  }),
  overLimit: (limit: OverLimit): OwnError => ({
    status: 429,
    type: limit.type,
    message: limit.message,
    headers: [
      retryAfter(limit.retryAfterSeconds),
      ...(limit.type === 'billing_error' ? [doNotRetry] : []),
      ...(limit.headers ?? []),
    ],
  }),
  timeout: (timeoutMs: number): OwnError => ({
    status: 504,
    type: 'timeout_error',
    message: `Request timed out after ${timeoutMs}ms`,
    headers: [],
  }),
  unreachable: (): OwnError => ({
    status: 502,
    type: 'api_error',
    message: 'The Claude API could not be reached.',
    headers: [],
  }),
  notAdmitted: (why: NotAdmitted): OwnError => ({
    status: 503,
    type: why.type,
    message: why.message,
    headers: [retryAfter(why.retryAfterSeconds), close],
  }),
  noRoom: (): OwnError => ({
    status: 503,
    type: 'overloaded_error',
    message: 'The proxy holds as many request bodies as its memory allows. Try again in a moment.',
    headers: [retryAfter(5)],
  }),
  bodyUnreadable: (): OwnError => ({
    status: 400,
    type: 'invalid_request_error',
    message: 'The request body ended before it was complete.',
    headers: [close],
  }),
  internal: (): OwnError => ({
    status: 500,
    type: 'api_error',
    message: 'The proxy failed to handle the request.',
    headers: [],
  }),
}

/** An own error as a door sends it. */
export function ownAnswer(error: OwnError, requestId: string): Answer & { readonly body: Uint8Array } {
  const body = error.plainBody
    ? new TextEncoder().encode(JSON.stringify(error.plainBody))
    : errorBody(error.type, error.message, requestId)
  const headers: HeaderList = [
    ['content-type', 'application/json'],
    ['content-length', String(body.byteLength)],
    ['x-nexus-request-id', requestId],
    ...error.headers,
  ]
  return { status: error.status, headers, body }
}
