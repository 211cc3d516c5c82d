import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { waitUntil } from '@/lib/testing/wait-until'
import { stallTimeoutMs } from './global-setup'
import { itRecordsEveryCall } from './records'
import { doors, useStage, type StageAsk } from './stage'
import { messagesBody } from './usual-call'

const scenarios = [
  'text',
  'split',
  'crlf',
  'cr',
  'crlf?split=bytes',
  'multibyte',
  'multibyte?split=bytes',
  'tool-use',
  'thinking',
  'web-search',
  'iterations',
  'compaction',
  'fallback',
  'refusal',
  'max-tokens',
  'unknown-events',
  'error-mid-stream',
  'huge-event',
  'text?events=2000',
  'hop-by-hop',
  'early-hints',
]

const codings = ['gzip', 'br', 'deflate']

describe.each(doors)('response bytes through the %s door', (door) => {
  const stage = useStage(door)

  /** The reply, and whether it is what the upstream wrote. */
  async function relayed(ask: StageAsk) {
    const reply = await stage.call(ask)
    const exchange = stage.fake.requests.find(({ requestId }) => requestId === reply.header('request-id'))
    return { reply, sent: exchange?.response.sha256 }
  }

  it.each(scenarios)('relays the stream of %s byte for byte', async (scenario) => {
    const { reply, sent } = await relayed({ scenario })
    expect(reply.status).toBe(200)
    expect(reply.sha256).toBe(sent)
    expect(reply.isComplete).toBe(true)
  })

  it.each(['text', 'multibyte', 'tool-use', 'thinking', 'web-search'])(
    'relays the whole message of %s byte for byte',
    async (scenario) => {
      const { reply, sent } = await relayed({ scenario, body: messagesBody({ stream: false }) })
      expect(reply.sha256).toBe(sent)
    },
  )

  it('relays a stream byte for byte wherever it is cut in two', async () => {
    const whole = await stage.call({ scenario: 'text?text=é' })
    const cuts = Array.from({ length: whole.body.length - 1 }, (_, index) => index + 1)
    const wrong: number[] = []
    const worker = async () => {
      for (let cut = cuts.pop(); cut !== undefined; cut = cuts.pop()) {
        const { reply, sent } = await relayed({ scenario: `text?text=é&split=${cut}` })
        if (reply.sha256 !== sent) wrong.push(cut)
      }
    }
    await Promise.all(Array.from({ length: 8 }, worker))
    expect(wrong).toEqual([])
  })

  describe.each([true, false])('streaming: %s', (stream) => {
    it.each(codings)('returns an answer compressed with %s so that the client can read it', async (coding) => {
      const { reply, sent } = await relayed({ scenario: coding, body: messagesBody({ stream }) })
      // Next cannot return a content coding: its door decodes, the fast one hands the very bytes on.
      expect(reply.header('content-encoding')).toBe(door === 'fast' ? coding : null)
      if (door === 'fast') expect(reply.sha256).toBe(sent)
      expect(decode(reply.body, reply.header('content-encoding')).toString()).toContain(
        'Hello from the fake Claude.'.slice(0, stream ? 5 : 20),
      )
    })
  })

  it('does not compress for a client that would accept it', async () => {
    const headers = [
      ['anthropic-version', '2023-06-01'] as const,
      ['Accept-Encoding', 'gzip, deflate, br, zstd'] as const,
    ]
    const { reply, sent } = await relayed({ headers, scenario: 'text?events=500' })
    expect(reply.header('content-encoding')).toBeNull()
    expect(reply.sha256).toBe(sent)
  })

  it('sends the head on before there is a body', async () => {
    const began = performance.now()
    const pending = stage.start({ scenario: 'headers-then-silent' })
    expect((await pending.head).status).toBe(200)
    expect(performance.now() - began).toBeLessThan(stallTimeoutMs / 2)
    pending.abort()
  })

  it('sends each event on while the upstream still thinks about the next', async () => {
    const pending = stage.start({ scenario: 'silent-mid-stream' })
    const { incoming } = await pending.head
    const sent = () => stage.forwarded().response.bytes
    let received = 0
    incoming.on('data', (piece: Buffer) => (received += piece.length))
    await waitUntil(
      () => sent() > 0 && received === sent() && stage.forwarded().response.body.includes('content_block_delta'),
    )
    expect(stage.forwarded().response.finished).toBe(false)
    pending.abort()
  })

  it('passes pings on one by one', async () => {
    const { incoming } = await stage.start({ scenario: 'ping-only-for?ms=500&every=100' }).head
    const arrivals: number[] = []
    for await (const piece of incoming) arrivals.push(...pingsIn(piece as Buffer))
    expect(arrivals).toHaveLength(5)
    const span = (arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)
    expect(span).toBeGreaterThan(250)
  })

  itRecordsEveryCall(stage)
})

function pingsIn(piece: Buffer): number[] {
  const count = piece.toString().split('event: ping').length - 1
  return Array.from({ length: count }, () => performance.now())
}

function decode(body: Buffer, coding: string | null): Buffer {
  if (coding === 'gzip') return gunzipSync(body)
  if (coding === 'br') return brotliDecompressSync(body)
  return coding === 'deflate' ? inflateSync(body) : body
}
