import { setTimeout as delay } from 'node:timers/promises'
import type { Sample } from './connection'
import { Connection } from './connection'
import { closingHeaders, type Conversation, type Turn } from './turns'
import type { Upstream } from './world'

export interface Played {
  readonly samples: readonly Sample[]
  readonly errors: number
  readonly seconds: number
}

export interface Pace {
  /** Conversations at the same time; each has a connection of its own. */
  readonly connections: number
  /** Between two events of an answer. 0: as fast as it goes. */
  readonly paceMs: number
  /** Between an answer and the next turn, when a client runs a tool. */
  readonly pauseMs?: number
}

interface Call extends Turn {
  readonly answer: number
}

/** Plays every conversation against a port; the upstream knows the answers afterwards. */
export async function play(
  { port, upstream }: { port: number; upstream: Upstream },
  conversations: readonly Conversation[],
  { connections, paceMs, pauseMs = 0 }: Pace,
): Promise<Played> {
  const queue = numbered(conversations)
  await upstream.tell(queue.flatMap((calls) => calls.map(({ events }) => events)))
  queue.reverse()
  const samples: Sample[] = []
  let errors = 0
  const open = await Promise.all(Array.from({ length: connections }, () => Connection.open(port)))
  const playOn = async (connection: Connection): Promise<void> => {
    for (let calls = queue.pop(); calls; calls = queue.pop()) {
      for (const { head, body, answer } of calls) {
        const sample = await connection.ask(head + closingHeaders(answer, paceMs), body)
        if (sample.status === 200) samples.push(sample)
        else errors += 1
        if (pauseMs > 0) await delay(pauseMs)
      }
    }
  }
  const beganAt = performance.now()
  const ends = await Promise.allSettled(open.map(playOn))
  const seconds = (performance.now() - beganAt) / 1000
  for (const connection of open) connection.close()
  return { samples, errors: errors + ends.filter(({ status }) => status === 'rejected').length, seconds }
}

function numbered(conversations: readonly Conversation[]): Call[][] {
  let answer = -1
  return conversations.map((turns) => turns.map((turn) => ({ ...turn, answer: (answer += 1) })))
}

/** The value below which the share of the sorted figures lies. */
export function quantile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

export const median = (figures: readonly number[]): number => quantile(figures, 0.5)
