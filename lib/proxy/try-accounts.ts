import { decisionOf, type OpenExchange } from './open-exchange'
import { recordable } from './headers'
import type { Attempt, Caller, ChosenAccount, Decision, HeaderList, UpstreamAnswer } from './ports'
import { upstreamHeaders, upstreamUrl } from './upstream-request'

/** What became of asking the upstream, over all accounts tried. */
export interface Tried {
  /** null: nobody answered; `failure` says why. */
  readonly answer: UpstreamAnswer | null
  readonly failure: 'timeout' | 'unreachable' | 'client_aborted' | 'interrupted' | null
  readonly account: ChosenAccount
  readonly forwardedHeaders: HeaderList
  readonly attempts: readonly Attempt[]
  /** Why nobody else was asked after a failure. */
  readonly noAccount?: Decision
  /** Gives up the upstream: closes its connection. */
  abort(): void
}

/** A call that may go out, and the account that it goes to first. */
export interface Accepted {
  readonly caller: Caller
  readonly account: ChosenAccount
  readonly body: Uint8Array
}

/**
 * Asks the chosen account, and further ones only while the client has seen nothing and the fault is the
 * upstream's: no answer, 429, 529, 5xx. A second attempt never uses an account twice (chooseAccount skips them),
 * but for one whose credential is refused and which has another: the one before, or the next token of its login.
 */
export async function tryAccounts(exchange: OpenExchange, accepted: Accepted): Promise<Tried> {
  const { incoming, ports } = exchange
  const attempts: Attempt[] = []
  let tried = await tryAccount(exchange, accepted.account, accepted.body)
  for (;;) {
    attempts.push(tried.attempt)
    const renewed = await withOtherCredential(tried)
    if (!renewed && !mayTryAnother(tried)) break
    const wanted = {
      caller: accepted.caller,
      path: incoming.target,
      headers: incoming.headers,
      body: accepted.body,
      attempts,
    }
    const next = renewed ?? (await ports.chooseAccount(wanted))
    if ('noAccount' in next) return { ...tried, attempts, noAccount: decisionOf(next) }
    tried.abort()
    tried = await tryAccount(exchange, next, accepted.body)
  }
  return { ...tried, attempts }
}

/** The same account with another credential, once; null where there is none, or the first one was not refused. */
async function withOtherCredential({ account, answer }: TriedOnce): Promise<ChosenAccount | null> {
  if (answer?.status !== 401) return null
  const { previousCredential: previous, renewCredential, ...rest } = account
  if (previous) {
    const reason = 'its new credential was refused, and the one before is still kept'
    return { ...rest, credential: previous, reason }
  }
  const credential = await renewCredential?.()
  return credential ? { ...rest, credential, reason: 'its token was refused, and its login has a new one' } : null
}

type TriedOnce = Omit<Tried, 'attempts'> & { readonly attempt: Attempt }

function mayTryAnother({ answer, failure }: TriedOnce): boolean {
  if (answer) return answer.status === 429 || answer.status >= 500
  return failure === 'unreachable'
}

async function tryAccount(exchange: OpenExchange, account: ChosenAccount, body: Uint8Array): Promise<TriedOnce> {
  const { incoming, ports } = exchange
  const startedAtMs = exchange.receivedAtMs + exchange.elapsedMs()
  const headers = upstreamHeaders(incoming.headers, account)
  const asked = { path: incoming.target, headers: incoming.headers, body }
  const call = ports.forward({ method: incoming.method, url: upstreamUrl(account, incoming.target), headers, body })
  const forwardedHeaders = recordable(headers)
  const abort = () => call.abort()
  let isLate = false
  const deadline = ports.clock.timer(ports.settings.upstreamTimeoutMs, () => {
    isLate = true
    abort()
  })
  const enders = [incoming.signal, ports.ending]
  for (const signal of enders) signal.addEventListener('abort', abort, { once: true })
  if (enders.some((signal) => signal.aborted)) abort()

  const attemptOf = (status: number | null, error: string | null): Attempt => ({
    accountId: account.accountId,
    startedAtMs,
    durationMs: exchange.receivedAtMs + exchange.elapsedMs() - startedAtMs,
    status,
    error,
    ...decisionOf(account),
  })
  try {
    const answer = await call.answer
    const attempt = attemptOf(answer.status, null)
    ports.reportAttempt(attempt, answer.headers, asked)
    return { answer, failure: null, account, forwardedHeaders, attempt, abort }
  } catch (error) {
    const failure = failureOf(exchange, isLate)
    const attempt = attemptOf(null, failure === 'unreachable' ? describe(error) : failure)
    if (failure === 'timeout' || failure === 'unreachable') ports.reportAttempt(attempt, [], asked)
    return { answer: null, failure, account, forwardedHeaders, attempt, abort }
  } finally {
    deadline.cancel()
    // From here on the relay listens itself.
    ports.ending.removeEventListener('abort', abort)
  }
}

function failureOf({ incoming, ports }: OpenExchange, isLate: boolean): NonNullable<Tried['failure']> {
  if (incoming.signal.aborted) return 'client_aborted'
  if (ports.ending.aborted) return 'interrupted'
  return isLate ? 'timeout' : 'unreachable'
}

/** The code of a connection error (ECONNREFUSED, ENOTFOUND …): no address, no header. */
function describe(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : 'connection failed'
}
