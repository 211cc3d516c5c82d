/** Anthropic's error types by HTTP status: https://platform.claude.com/docs/en/api/errors */
const typeOfStatus = new Map([
  [400, 'invalid_request_error'],
  [401, 'authentication_error'],
  [402, 'billing_error'],
  [403, 'permission_error'],
  [404, 'not_found_error'],
  [409, 'conflict_error'],
  [413, 'request_too_large'],
  [429, 'rate_limit_error'],
  [500, 'api_error'],
  [504, 'timeout_error'],
  [529, 'overloaded_error'],
])

/** The type that belongs to a status, for an answer that does not name one (an HTML page of something in between). */
export function errorTypeOf(status: number): string {
  return typeOfStatus.get(status) ?? (status >= 500 ? 'api_error' : 'invalid_request_error')
}

/** An error in Anthropic's envelope, as bytes ready to send. */
export function errorBody(type: string, message: string, requestId: string | null): Uint8Array {
  return Buffer.from(JSON.stringify({ type: 'error', error: { type, message }, request_id: requestId }))
}
