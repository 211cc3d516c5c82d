/** The closed list of things that go wrong; lib/http.ts turns each into a status, once. */
export type ErrorCode =
  | 'invalid-request'
  | 'unauthenticated'
  | 'forbidden'
  | 'reauthenticate'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'too-large'
  | 'rate-limited'
  | 'unavailable'
  | 'internal'

/**
 * An error with two voices: `message` is for us and the log, `publicMessage` for the caller.
 * `details` names the offending field where there is one. Compare `code`, never text or class:
 * module graphs are duplicated, so `instanceof` may be false for an equal class.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly publicMessage: string
  readonly details: Record<string, unknown> | undefined

  constructor(
    code: ErrorCode,
    publicMessage: string,
    more: { internal?: string; details?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(more.internal ?? publicMessage, { cause: more.cause })
    this.name = 'AppError'
    this.code = code
    this.publicMessage = publicMessage
    this.details = more.details
  }
}

export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === 'AppError' && 'publicMessage' in error
}

/** A value of another shape, for whoever wrote the request: `is` goes on behind the field's name. */
export function invalidField(field: string, is: string): AppError {
  return new AppError('invalid-request', `${field}: ${is}`, { details: { fields: [{ field, message: is }] } })
}

/** A value that may not be, for whoever filled the form in: a sentence of its own, shown at the field. */
export function refusedField(
  field: string,
  message: string,
  code: 'invalid-request' | 'conflict' = 'invalid-request',
): AppError {
  return new AppError(code, message, { details: { fields: [{ field, message }] } })
}
