/**
 * The world as the proxy core sees it. Doors hand in an `Incoming`, rooms implement the functions of
 * `ProxyPorts`, and lib/ops/runtime.ts plugs them together. Types only: importable by every room.
 */

/** Header names as spelled on the wire, in order, duplicates kept. */
export type HeaderList = readonly (readonly [name: string, value: string])[]

/** One HTTP request in flight, as a door received it. */
export interface Incoming {
  readonly method: string
  /** Path and query exactly as sent, e.g. `/v1/messages?beta=true`. */
  readonly target: string
  readonly headers: HeaderList
  /** null when there is no body. */
  readonly body: AsyncIterable<Uint8Array> | null
  /** Aborts when the client has gone away. */
  readonly signal: AbortSignal
}

/** What a door sends back. A door starts to iterate `body` in any case; its end, or an early return, ends the exchange. */
export interface Answer {
  readonly status: number
  readonly headers: HeaderList
  /** The iterable throws when the upstream was lost: the door then closes the connection uncleanly. */
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null
  /** Told to the door once, when we end the exchange while its client reads nothing: it cuts the connection. */
  readonly whenCut?: (cut: () => void) => void
}

export interface ProxySettings {
  readonly maxRequestBytes: number
  /** To the first byte of the upstream's answer. */
  readonly upstreamTimeoutMs: number
  /** How long a relay may make no progress. */
  readonly stallTimeoutMs: number
  readonly corsOrigins: readonly string[]
}

/** The credential a client presented, by its kind. */
export type Presented =
  | { readonly kind: 'none' }
  | { readonly kind: 'conflicting' }
  | { readonly kind: 'client_key'; readonly value: string }
  | { readonly kind: 'claude'; readonly value: string }

/** Who is calling, and for which domain. */
export interface Caller {
  readonly domainId: string
  readonly domain: string
  readonly clientKeyId: string | null
  /** `account`: spend the domain's account. `pass_through`: relay the caller's own Claude credential. */
  readonly mode: 'account' | 'pass_through'
  /** What may be stored: everything, all but what was said, or the figures alone. */
  readonly capture: 'full' | 'metadata' | 'off'
  /** The recorded request that the dashboard sends again. */
  readonly replayOf?: string
  /** The models that the client key may use; left out = every model. */
  readonly allowedModels?: readonly string[]
}

/** What the upstream is asked for. */
export interface Asked {
  /** Path and query. */
  readonly path: string
  readonly headers: HeaderList
  readonly body: Uint8Array
}

/** What the choice of an account may depend on. */
export interface Wanted extends Asked {
  readonly caller: Caller
  /** What was tried already for this exchange, oldest first. */
  readonly attempts: readonly Attempt[]
}

/** An account that was passed over, and why; never secret. */
export interface Skipped {
  readonly accountId: string
  readonly why: string
}

/** Why a choice fell as it did, for the record. */
export interface Decision {
  readonly reason: string
  /** Accounts of the domain that were not asked. Left out where there are none. */
  readonly skipped?: readonly Skipped[]
}

/** The upstream to use for one attempt: where, and with which header. */
export interface ChosenAccount extends Decision {
  /** Public id acc_…; null for pass-through. */
  readonly accountId: string | null
  readonly baseUrl: string
  /** Header that carries the credential; null = leave the caller's own in place (pass-through). */
  readonly credential: readonly [name: 'x-api-key' | 'authorization', value: string] | null
  /** While the credential is being replaced: the one before, for when the new one is refused. */
  readonly previousCredential?: readonly [name: 'x-api-key' | 'authorization', value: string]
  /** Of a stored login: its next token, for when this one is refused before its time. null = there is none to be had. */
  readonly renewCredential?: () => Promise<readonly [name: 'authorization', value: string] | null>
  readonly kind: 'api_key' | 'oauth' | 'pass_through'
}

/** One try at one account. */
export interface Attempt extends Decision {
  readonly accountId: string | null
  /** The time of day, as `receivedAtMs` counted on. */
  readonly startedAtMs: number
  readonly durationMs: number
  /** null: no answer came. */
  readonly status: number | null
  readonly error: string | null
}

/** A request for the upstream; `body` is the client's, byte for byte. */
export interface UpstreamRequest {
  readonly method: string
  readonly url: string
  readonly headers: HeaderList
  readonly body: Uint8Array
}

/** A request under way. */
export interface UpstreamCall {
  /** The head of the answer, its body still to be read once. Rejects when no answer came. */
  readonly answer: Promise<UpstreamAnswer>
  /** Gives it up: frees the connection without reading the rest. */
  abort(): void
}

export interface UpstreamAnswer {
  readonly status: number
  readonly headers: HeaderList
  readonly body: AsyncIterable<Uint8Array>
}

export type Outcome = 'completed' | 'client_aborted' | 'upstream_error' | 'timeout' | 'interrupted' | 'rejected'

/** First half of a record: known before the upstream is asked. Secrets are already out of the headers. */
export interface ExchangeBegin {
  readonly requestId: string
  readonly receivedAtMs: number
  readonly caller: Caller | null
  /** The domain the call was for, when the caller is unknown: its Host. */
  readonly domain: string
  readonly method: string
  readonly target: string
  readonly requestHeaders: HeaderList
  readonly body: Uint8Array
}

/** Second half, known after the last byte. Durations count from `receivedAtMs` on a monotonic clock. */
export interface ExchangeEnd {
  readonly outcome: Outcome
  /** Status the client got; null when it left before one was sent. */
  readonly status: number | null
  readonly accountId: string | null
  /** Type of an error that we made ourselves (own error table), else null: the body tells. */
  readonly ownErrorType: string | null
  readonly firstByteMs: number | null
  readonly durationMs: number
  readonly forwardedHeaders: HeaderList
  readonly responseHeaders: HeaderList
  readonly attempts: readonly Attempt[]
  /** Why no account, or no further one, was asked; left out where none was looked for. */
  readonly noAccount?: Decision
}

/** The record of one exchange while it runs. No method throws; each may be called after a failure of another. */
export interface Recording {
  /** Resolves when the begin frame is in the journal; the core waits for it before it relays the first byte. */
  readonly begun: Promise<void>
  /** A piece of the response body, in order. The bytes are not changed by anybody afterwards. */
  chunk(bytes: Uint8Array): void
  end(end: ExchangeEnd): void
}

/** Why a request cannot be taken now. */
export interface NotAdmitted {
  readonly type: 'overloaded_error'
  readonly message: string
  readonly retryAfterSeconds: number
}

/** No account can serve this call. */
export interface NoAccount extends Decision {
  readonly noAccount: true
  /** Seconds until the earliest cooling account is usable again; null = waiting does not help. */
  readonly retryAfterSeconds: number | null
  /** `model`: none may serve the model of this call. */
  readonly obstacle?: 'model'
  /** What is used up and over first: a limit of our own, or what the upstream wants an account to rest for. */
  readonly overLimit?: OverLimit
}

/** A limit was reached: one of our own (requests, tokens, concurrency or spend), or every account's at the upstream. */
export interface OverLimit {
  readonly type: 'rate_limit_error' | 'billing_error'
  readonly message: string
  readonly retryAfterSeconds: number
  readonly headers?: HeaderList
}

/** What one exchange holds of the memory for request bodies, which is bounded over all of them. */
export interface BodyShare {
  /** Reserves room for what is about to come. False when there is none, and none came free within a patience. */
  reserve(bytes: number): Promise<boolean>
  /** So much has come. False when that is more than was reserved, or comes too late, and there is no room for it. */
  fill(bytes: number): Promise<boolean>
  /** Gives all of it back. */
  release(): void
}

/** Times in milliseconds. A timer fires once, `refresh` starts it again from zero. */
export interface Clock {
  now(): number
  monotonic(): number
  timer(delayMs: number, fire: () => void): { refresh(): void; cancel(): void }
  /** Resolves when all that was set going before has had its turn: a request is with its connection then. */
  turn(): Promise<void>
}

/** Everything the core needs of the world. */
export interface ProxyPorts {
  readonly settings: ProxySettings
  readonly clock: Clock
  /** Aborts when running exchanges have to end now: the process leaves, and its patience is over. */
  readonly ending: AbortSignal
  newRequestId(): string
  /** null = come in; otherwise we are draining or the journal is full. */
  admit(): NotAdmitted | null
  /** null = unknown, revoked or expired. `host` has no port and is lower case. Throws an AppError
   * `unavailable` for a key that was never seen while the database is away. */
  authenticate(presented: Presented, host: string): Promise<Caller | null>
  /** Checks limits of our own and counts the call in; `release` is called once when the exchange ended. */
  checkLimits(caller: Caller, target: string): OverLimit | { release(): void }
  /** Asked before a body is read; `signal` ends the waiting for room. */
  openBodyShare(signal: AbortSignal): BodyShare
  chooseAccount(wanted: Wanted): Promise<ChosenAccount | NoAccount>
  /** Tells the account's health what became of an attempt; the answer's headers carry limits and cool-downs. */
  reportAttempt(attempt: Attempt, answerHeaders: HeaderList, asked: Asked): void
  forward(request: UpstreamRequest): UpstreamCall
  record(begin: ExchangeBegin): Recording
  /** A fault of our own code, for the log; the client gets a plain 500. */
  reportFault(error: unknown, requestId: string): void
}
