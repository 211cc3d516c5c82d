import { afterEach, describe, expect, test, vi } from 'vitest'
import { log } from '@/lib/log'
import { intakeInThread } from './intake-thread'
import type { Exchange, FinishedExchange } from './exchange'
import type { ExchangeIntake } from './exchange-intake'
import type { LinkedRow } from './request-row'

/** A thread that answers like the one of `serveIntake`, dies of the request `poison`, and keeps the rest in mind. */
const program = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, workerData } from 'node:worker_threads'
    if (workerData.isBroken) throw new Error('the program cannot start')
    parentPort.postMessage({ say: 'at work' })
    parentPort.on('message', (message) => {
      if (message.say === 'stop') parentPort.close()
      if (message.say !== 'record') return
      for (const { ticket, requestId } of message.exchanges) {
        if (requestId === workerData.poison) throw new Error('a fault of the thread')
        if (requestId === workerData.refused) parentPort.postMessage({ say: 'quarantine', ticket })
        else {
          parentPort.postMessage({ say: 'recorded', rows: [{ requestId }] })
          parentPort.postMessage({ say: 'released', tickets: [ticket] })
        }
      }
    })`)}`,
)

const opened: ExchangeIntake[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((intake) => intake.stop()))
  vi.restoreAllMocks()
})

interface Watched extends FinishedExchange {
  became: 'pending' | 'released' | 'set aside'
}

function anExchange(requestId: string): Watched {
  const exchange: Watched = {
    became: 'pending',
    requestId,
    receivedAtMs: 0,
    endedAtMs: 1_000,
    byteLength: 1,
    isRepeat: false,
    places: [],
    load: () => Promise.reject(new Error('it is in the journal')),
    release: () => void (exchange.became = exchange.became === 'set aside' ? 'set aside' : 'released'),
    quarantine: async () => void (exchange.became = 'set aside'),
  }
  return exchange
}

function openThread(data: { poison?: string; refused?: string; isBroken?: boolean } = {}) {
  const rows: LinkedRow[] = []
  const intake = intakeInThread({ file: program, data })({ now: () => 1_500, onRecorded: (more) => rows.push(...more) })
  opened.push(intake)
  return { intake, rows }
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `request ${index}`)

test('what is recorded in the thread is released here, and its rows are told before that', async () => {
  const { intake, rows } = openThread()
  const exchanges = names(3).map(anExchange)
  intake.push(exchanges)
  expect(intake.pendingCount).toBe(3)
  expect(intake.lagMs).toBe(500)
  await intake.flush()
  expect(exchanges.map(({ became }) => became)).toEqual(['released', 'released', 'released'])
  expect(rows.map(({ requestId }) => requestId)).toEqual(names(3))
  expect(intake).toMatchObject({ pendingCount: 0, lagMs: 0 })
})

test('what a thread cannot record is set aside here', async () => {
  const { intake } = openThread({ refused: 'request 1' })
  const exchanges = names(3).map(anExchange)
  intake.push(exchanges)
  await intake.flush()
  expect(exchanges.map(({ became }) => became)).toEqual(['released', 'set aside', 'released'])
})

describe('a thread that dies', () => {
  test('is replaced, and what kills every one of them is set aside, nothing else', async () => {
    const said = vi.spyOn(log(), 'error').mockImplementation(() => undefined)
    const { intake } = openThread({ poison: 'request 2' })
    const exchanges = names(5).map(anExchange)
    intake.push(exchanges)
    await intake.flush()
    expect(exchanges.map(({ became }) => became)).toEqual(['released', 'released', 'set aside', 'released', 'released'])
    expect(intake.troubles.quarantined).toBe(1)
    expect(said).toHaveBeenCalledWith(expect.anything(), expect.stringContaining('another one takes over'))
  })

  test('and goes on with what comes later', async () => {
    const said = vi.spyOn(log(), 'error').mockImplementation(() => undefined)
    const { intake } = openThread({ poison: 'request 0' })
    intake.push([anExchange('request 0')])
    await intake.flush()
    expect(said).toHaveBeenCalledWith({ requestId: 'request 0' }, expect.stringContaining('set aside'))
    for (const later of ['later', 'and later']) {
      intake.push([anExchange(later)])
      await intake.flush()
    }
    expect(intake).toMatchObject({ pendingCount: 0, troubles: { quarantined: 1 } })
  })

  test('holds up nothing by a request that cannot be read back any more when its turn comes alone', async () => {
    vi.spyOn(log(), 'error').mockImplementation(() => undefined)
    const { intake } = openThread({ poison: 'request 1' })
    const exchanges = names(4).map(anExchange)
    let loads = 0
    // Not whole in the journal; what there is of it is gone after two threads have died.
    const load = () => ((loads += 1) > 2 ? Promise.reject(new Error('it is gone')) : Promise.resolve({} as Exchange))
    Object.assign(exchanges[0] ?? {}, { places: null, load })
    intake.push(exchanges)
    await intake.flush()
    expect(exchanges.map(({ became }) => became)).toEqual(['set aside', 'set aside', 'released', 'released'])
  })

  test('before its work begins costs nothing but time: all of it stays pending', async () => {
    const said = vi.spyOn(log(), 'error').mockImplementation(() => undefined)
    const { intake } = openThread({ isBroken: true })
    const exchanges = names(2).map(anExchange)
    intake.push(exchanges)
    await expect.poll(() => said.mock.calls.length, { timeout: 20_000 }).toBeGreaterThan(4)
    expect(exchanges.map(({ became }) => became)).toEqual(['pending', 'pending'])
    expect(intake.pendingCount).toBe(2)
  })
})
