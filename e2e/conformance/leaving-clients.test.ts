import { describe, expect, it } from 'vitest'
import { waitUntil } from '@/lib/testing/wait-until'
import type { Pending } from './client'
import { itRecordsEveryCall, recordOf, recordOfBody } from './records'
import { stallTimeoutMs } from './global-setup'
import { doors, useStage } from './stage'
import { messagesBody, usualHeaders } from './usual-call'

const mebibyte = 1024 * 1024

/** Bytes that may sit in socket buffers and chunk queues between a client that stopped and the upstream. */
const boundBytes = 32 * mebibyte

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

describe.each(doors)('clients that leave or stall, through the %s door', (door) => {
  const stage = useStage(door)

  /** How long the upstream went on after the client had gone, over five clients. */
  async function abortDelays(scenario: string, until: (pending: Pending) => Promise<unknown>): Promise<number[]> {
    const delays: number[] = []
    for (let round = 0; round < 5; round += 1) {
      stage.fake.reset()
      const pending = stage.start({ scenario })
      const exchange = await stage.fake.waitFor(({ body }) => body.length > 0)
      await until(pending)
      const leftAt = Date.now()
      pending.abort()
      await stage.fake.waitFor((candidate) => candidate.aborted)
      delays.push((exchange.abortedAt ?? Number.NaN) - leftAt)
    }
    return delays
  }

  const started = async ({ head }: Pending) => {
    const { incoming } = await head
    await new Promise((resolve) => incoming.once('data', resolve))
  }

  it.each<[string, string, (pending: Pending) => Promise<unknown>]>([
    ['before the head', 'silent', () => Promise.resolve()],
    ['between head and body', 'headers-then-silent', ({ head }) => head],
    ['in the middle of a stream', 'slow?ms=20&events=500', started],
    ['while the stream pauses', 'silent-mid-stream', started],
  ])('stops the upstream within 250 ms of a client that leaves %s', async (_phase, scenario, until) => {
    expect(median(await abortDelays(scenario, until))).toBeLessThanOrEqual(250)
  })

  it('records a client that left before the head', async () => {
    const body = messagesBody()
    const pending = stage.start({ scenario: 'silent', body })
    await stage.fake.waitFor((exchange) => exchange.body.equals(body))
    pending.abort()
    expect(await recordOfBody(stage, body)).toMatchObject({ outcome: 'client_aborted', status: null })
  })

  it('records a client that left in the middle, with the tokens known by then', async () => {
    const pending = stage.start({ scenario: 'slow?ms=10&events=500' })
    await started(pending)
    const head = await pending.head
    await waitUntil(() => stage.forwarded().response.body.includes('word9 '))
    pending.abort()
    const prompt = Math.ceil(stage.forwarded().body.length / 4)
    const row = await recordOf(stage, head)
    expect(row).toMatchObject({ outcome: 'client_aborted', status: 200, input_tokens: String(prompt) })
    expect(row.cost_confidence).not.toBe('exact')
    expect(Number(row.output_tokens)).toBeGreaterThan(1)
  })

  it('forwards nothing of a client that left during its upload', async () => {
    const pending = stage.start({
      isBodyLater: true,
      body: null,
      headers: [...usualHeaders, ['Content-Length', '1000']],
    })
    await new Promise((resolve) => pending.request.write(messagesBody(), resolve))
    pending.abort()
    await stage.call()
    expect(stage.fake.requests).toHaveLength(1)
  })

  it('leaves other streams alone when one client goes', async () => {
    const staying = stage.call({ scenario: 'slow?ms=10&events=60' })
    const leaving = stage.start({ scenario: 'slow?ms=10&events=60' })
    await started(leaving)
    leaving.abort()
    expect((await staying).isComplete).toBe(true)
  })

  it('holds the upstream back, and its own memory down, for a client that stops reading', async () => {
    await stage.call()
    const before = stage.residentBytes()
    const pending = stage.start({ scenario: `burst?bytes=${250 * mebibyte}` })
    const { incoming } = await pending.head
    incoming.pause()
    const { response } = await stage.fake.waitFor((exchange) => exchange.response.bytes > 0)
    await waitUntil(() => isSteady(() => response.bytes), { timeoutMs: 20_000, what: 'the upstream to be held back' })
    expect(response.bytes).toBeLessThan(boundBytes)
    expect(stage.residentBytes() - before).toBeLessThan(boundBytes)
    pending.abort()
  })

  it('delivers a large stream whole to a client that pauses now and then', async () => {
    const pending = stage.start({ scenario: `burst?bytes=${48 * mebibyte}` })
    const { incoming } = await pending.head
    let received = 0
    for await (const piece of incoming) {
      received += (piece as Buffer).length
      if (received % 5 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(received).toBe(stage.forwarded().response.bytes)
    expect(incoming.complete).toBe(true)
  })

  it('ends an exchange whose client has stopped reading', async () => {
    const pending = stage.start({ scenario: `burst?bytes=${250 * mebibyte}` })
    const head = await pending.head
    head.incoming.pause()
    await stage.fake.waitFor((exchange) => exchange.aborted, stallTimeoutMs + 20_000)
    expect(await recordOf(stage, head)).toMatchObject({ outcome: 'timeout', status: 200 })
    pending.abort()
  })

  itRecordsEveryCall(stage)
})

/** The figure does not change over a quarter of a second. */
async function isSteady(read: () => number): Promise<boolean> {
  const before = read()
  await new Promise((resolve) => setTimeout(resolve, 250))
  return read() === before
}
