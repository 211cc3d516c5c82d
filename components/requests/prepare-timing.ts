import type { RequestDetail } from '@/lib/requests/request-detail'

export interface Timing {
  readonly durationMs: number
  /** From the first byte to the last; null = nothing came. */
  readonly streamMs: number | null
  /** Output tokens a second while it streamed. */
  readonly tokensPerSecond: number | null
  readonly attempts: readonly TimedAttempt[]
  /** What the time was spent on, in order. */
  readonly phases: readonly Phase[]
  /** Silences of more than five seconds within the answer. */
  readonly stalls: readonly { readonly fromMs: number; readonly lengthMs: number }[]
  /** Share of the bytes that had arrived at a share of the duration; from nothing to everything. */
  readonly arrival: readonly { readonly at: number; readonly bytes: number }[]
  readonly pieces: number
}

type Attempt = NonNullable<RequestDetail['attempts']>[number]

export interface TimedAttempt extends Attempt {
  /** Counted from when the request came in. */
  readonly offsetMs: number
  /** Whose credential was tried. */
  readonly account: string
}

export interface Phase {
  readonly name: string
  readonly kind: 'proxy' | 'attempt' | 'failed' | 'stream'
  readonly fromMs: number
  readonly lengthMs: number
}

const stallMs = 5_000
/** A rate over less than this says more about the clock than about the model. */
const shortestStreamMs = 200

/** When what happened, counted from the moment the request came in. Pure. */
export function prepareTiming(detail: RequestDetail): Timing {
  const { responseTimeMs, firstByteMs, outputTokens, attempts, timestamp } = detail
  const arrivals = detail.arrivals ?? []
  const lastMs = arrivals.at(-1)?.offsetMs ?? 0
  const durationMs = Math.max(responseTimeMs ?? 0, lastMs, 1)
  const streamMs = firstByteMs === null ? null : Math.max(0, (responseTimeMs ?? lastMs) - firstByteMs)
  const isRate = streamMs !== null && streamMs >= shortestStreamMs && outputTokens !== null && detail.streaming
  const startMs = Date.parse(timestamp)
  const timed = (attempts ?? []).map((attempt) => ({
    ...attempt,
    offsetMs: Math.max(0, attempt.startedAtMs - startMs),
    account: attempt.accountId === null ? 'own credential' : nameOf(attempt.accountId, detail),
  }))
  return {
    durationMs,
    streamMs,
    tokensPerSecond: isRate ? (outputTokens / streamMs) * 1_000 : null,
    attempts: timed,
    phases: phasesOf(timed, { firstByteMs, durationMs }),
    stalls: arrivals.flatMap(({ offsetMs }, index) => {
      const beforeMs = arrivals[index - 1]?.offsetMs
      return beforeMs !== undefined && offsetMs - beforeMs > stallMs
        ? [{ fromMs: beforeMs, lengthMs: offsetMs - beforeMs }]
        : []
    }),
    arrival: cumulate(arrivals, durationMs),
    pieces: arrivals.length,
  }
}

/** What an account is called; its id where it has no name, or is no more. */
export function nameOf(accountId: string, { accountNames = {} }: Pick<RequestDetail, 'accountNames'>): string {
  return accountNames[accountId] ?? accountId
}

/** Before the upstream was asked, each attempt, and the answer as it came. */
function phasesOf(
  attempts: readonly TimedAttempt[],
  { firstByteMs, durationMs }: { firstByteMs: number | null; durationMs: number },
): Phase[] {
  const [first] = attempts
  if (!first) return []
  const tries = attempts.map(({ offsetMs, durationMs: lengthMs, account, status }, index) => {
    const isLast = index === attempts.length - 1
    const isFailed = status === null || status >= 400
    // The last one is waited for until its first byte comes.
    const untilByteMs = isLast && firstByteMs !== null ? Math.max(0, firstByteMs - offsetMs) : lengthMs
    const name = `${account}: ${status ?? 'no answer'}`
    return {
      name,
      kind: isFailed ? ('failed' as const) : ('attempt' as const),
      fromMs: offsetMs,
      lengthMs: untilByteMs,
    }
  })
  return [
    { name: 'proxy', kind: 'proxy', fromMs: 0, lengthMs: first.offsetMs },
    ...tries,
    ...(firstByteMs === null
      ? []
      : [
          {
            name: 'answer',
            kind: 'stream' as const,
            fromMs: firstByteMs,
            lengthMs: Math.max(0, durationMs - firstByteMs),
          },
        ]),
  ]
}

function cumulate(arrivals: readonly { offsetMs: number; byteLength: number }[], durationMs: number) {
  const total = arrivals.reduce((sum, { byteLength }) => sum + byteLength, 0)
  let bytes = 0
  return arrivals.map(({ offsetMs, byteLength }) => {
    bytes += byteLength
    return { at: offsetMs / durationMs, bytes: total === 0 ? 0 : bytes / total }
  })
}
