import { start } from '@/e2e/conformance/client'
import { bearer, messagesBody, usualHeaders } from '@/e2e/conformance/usual-call'
import { teamA } from '@/e2e/conformance/world'

/** What a client saw of one call. */
export interface Played {
  readonly requestId: string | null
  readonly status: number
  readonly headMs: number
  readonly isComplete: boolean
  readonly sha256: string
}

export const usualScenario = 'text?ms=2&events=10'
/** An answer of about a second: many of them leave the machine time, so that delays are those of the proxy. */
export const pacedScenario = 'text?ms=50&events=20'

export function begin(url: string, scenario = usualScenario, body = messagesBody()) {
  return start(url, {
    headers: [...bearer(teamA.clientKey), ...usualHeaders, ['x-fake-scenario', scenario]],
    body,
  })
}

/** One call, read to its end; status 0 = the connection was lost before an answer. */
export async function play(url: string, scenario?: string): Promise<Played> {
  const startedAt = performance.now()
  const pending = begin(url, scenario)
  try {
    await pending.head
    const headMs = performance.now() - startedAt
    const { status, isComplete, sha256, header } = await pending.read()
    return { requestId: header('x-nexus-request-id'), status, headMs, isComplete, sha256 }
  } catch {
    return { requestId: null, status: 0, headMs: performance.now() - startedAt, isComplete: false, sha256: '' }
  }
}

interface Load {
  readonly played: readonly Played[]
  /** Ends when the calls that run have ended. */
  stop(): Promise<readonly Played[]>
}

/** Calls without pause, so many at a time. */
export function startLoad(url: string, streams: number, scenario?: string): Load {
  const played: Played[] = []
  let isOver = false
  const keepPlaying = async () => {
    while (!isOver) played.push(await play(url, scenario))
  }
  const playing = Promise.all(Array.from({ length: streams }, keepPlaying))
  return {
    played,
    async stop() {
      isOver = true
      await playing
      return played
    },
  }
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

const headOf = (share: number) => (played: readonly Played[]) =>
  percentile(
    played.map(({ headMs }) => headMs),
    share,
  )
export const medianOf = headOf(0.5)
export const p99Of = headOf(0.99)

export const ms = (value: number): string => `${Math.round(value)} ms`
