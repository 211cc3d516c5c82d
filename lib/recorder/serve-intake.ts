import type { MessagePort } from 'node:worker_threads'
import { readFrames } from '@/lib/journal/read-frames'
import { assembleExchange } from './assemble-exchange'
import type { FromIntake, HandedExchange, ToIntake } from './intake-messages'
import type { Exchange, FinishedExchange } from './exchange'
import type { ExchangeIntake, OpenIntake } from './exchange-intake'
import { asBuffer } from './journal-payload'
import { readThreadMemory } from './thread-memory'

const tellTroublesEveryMs = 250
const tellMemoryEveryMs = 5_000

/** The other end of `intakeInThread`: works on what comes through the port. Resolves when it is told to stop. */
export async function serveIntake(port: MessagePort, openIntake: OpenIntake): Promise<void> {
  const say = (message: FromIntake) => port.postMessage(message)
  const intake = openIntake({ now: Date.now, onRecorded: (rows) => say({ say: 'recorded', rows }) })
  const hands = new Hands(say, intake)
  const tellMemory = () => say({ say: 'memory', memory: readThreadMemory() })
  const timers = [
    setInterval(() => hands.tellTroubles(), tellTroublesEveryMs),
    setInterval(tellMemory, tellMemoryEveryMs),
  ]
  say({ say: 'at work' })
  tellMemory()
  await new Promise<void>((resolve) => {
    port.on('message', (message: ToIntake) => {
      if (message.say === 'record') intake.push(message.exchanges.map((handed) => take(handed, hands)))
      else if (message.say === 'hurry') void intake.flush()
      else if (message.say === 'quarantined') hands.endQuarantine(message.ticket, message.isKept)
      else resolve()
    })
  })
  await intake.stop()
  for (const timer of timers) clearInterval(timer)
  port.close()
}

/** What is said back about single exchanges. */
class Hands {
  private released: number[] = []
  private readonly quarantines = new Map<number, (isKept: boolean) => void>()
  private told = ''

  constructor(
    private readonly say: (message: FromIntake) => void,
    private readonly intake: ExchangeIntake,
  ) {}

  /** A batch is released in one turn: one message for all of it, after what was amiss with it. */
  release(ticket: number): void {
    this.released.push(ticket)
    if (this.released.length > 1) return
    queueMicrotask(() => {
      this.tellTroubles()
      this.say({ say: 'released', tickets: this.released })
      this.released = []
    })
  }

  async quarantine(ticket: number): Promise<void> {
    this.say({ say: 'quarantine', ticket })
    const isKept = await new Promise<boolean>((resolve) => this.quarantines.set(ticket, resolve))
    if (!isKept) throw new Error('the raw copy could not be kept')
  }

  endQuarantine(ticket: number, isKept: boolean): void {
    this.quarantines.get(ticket)?.(isKept)
    this.quarantines.delete(ticket)
  }

  tellTroubles(): void {
    const { troubles } = this.intake
    const words = JSON.stringify(troubles)
    if (words !== this.told) this.say({ say: 'troubles', troubles })
    this.told = words
  }
}

/** An exchange of the other thread. */
function take({ ticket, content, ...facts }: HandedExchange, hands: Hands): FinishedExchange {
  return {
    ...facts,
    places: null,
    load: async () =>
      'places' in content
        ? assembleExchange(readFrames(content.places), content.places)
        : withBuffers(content.exchange),
    release: () => hands.release(ticket),
    quarantine: () => hands.quarantine(ticket),
  }
}

/** A clone of a buffer is a plain array of bytes. */
function withBuffers(exchange: Exchange): Exchange {
  const { begin, responseBody } = exchange
  return { ...exchange, begin: { ...begin, body: asBuffer(begin.body) }, responseBody: asBuffer(responseBody) }
}
