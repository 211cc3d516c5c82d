import { log } from '@/lib/log'
import { getHeader } from '@/lib/proxy/headers'
import type { ExchangeBegin, ExchangeEnd, Outcome } from '@/lib/proxy/ports'

const troubled: readonly Outcome[] = ['timeout', 'upstream_error', 'interrupted']

/**
 * One line a call, with the id that the client got in `x-nexus-request-id` and the dashboard shows: `warn` for what
 * failed on our side of the client, `debug` for the rest.
 */
export function logExchange(begin: ExchangeBegin, end: ExchangeEnd): void {
  const isFailure = troubled.includes(end.outcome) || (end.ownErrorType !== null && (end.status ?? 0) >= 500)
  const level = isFailure ? 'warn' : 'debug'
  if (!log().isLevelEnabled(level)) return
  const { requestId, domain, method, target } = begin
  const { outcome, status, ownErrorType, accountId, firstByteMs, durationMs, attempts } = end
  log()[level](
    {
      requestId,
      upstreamRequestId: getHeader(end.responseHeaders, 'request-id'),
      domain,
      method,
      path: target.split('?', 1)[0],
      status,
      outcome,
      errorType: ownErrorType ?? undefined,
      accountId: accountId ?? undefined,
      attempts: attempts.length,
      firstByteMs: firstByteMs === null ? undefined : Math.round(firstByteMs),
      durationMs: Math.round(durationMs),
    },
    isFailure ? 'a call failed' : 'a call',
  )
}
