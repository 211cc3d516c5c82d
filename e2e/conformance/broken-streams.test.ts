import { constants, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { startFakeClaude } from '@/lib/testing/fake-claude'
import type { Reply } from './client'
import { stallTimeoutMs } from './global-setup'
import { itRecordsEveryCall, recordOf } from './records'
import { doors, useStage } from './stage'
import { bearer, messagesBody } from './usual-call'
import { faultTenant } from './world'

/** The last event of a stream that our own hand ended. */
function farewellOf(reply: Reply): { type: string; error: { type: string } } | null {
  const match = /event: error\ndata: (.*)\n\n$/.exec(reply.body.toString())
  return match ? (JSON.parse(match[1] ?? '') as { type: string; error: { type: string } }) : null
}

describe.each(doors)('streams that break, through the %s door', (door) => {
  const stage = useStage(door)
  const credential = bearer(faultTenant('broken-stream').clientKey)

  describe.each(['reset-after-headers', 'reset-between-events', 'reset-mid-event', 'fin-mid-chunk'])(
    '%s',
    (scenario) => {
      it('ends with an error event, if no other is cut, and an unclean close', async () => {
        const reply = await stage.call({ credential, scenario })
        expect(reply.status).toBe(200)
        if (!scenario.includes('-mid-')) expect(farewellOf(reply)).toMatchObject({ error: { type: 'api_error' } })
        else expect(farewellOf(reply)).toBeNull()
        expect(reply.isComplete).toBe(false)
      })

      it('gives the client every byte that came before', async () => {
        const reply = await stage.call({ credential, scenario })
        const sent = stage.forwarded().response.body
        expect(reply.body.subarray(0, sent.length).equals(sent)).toBe(true)
        expect(reply.body.toString()).not.toContain('message_stop')
      })

      it('records the break and what came before it', async () => {
        const reply = await stage.call({ credential, scenario })
        expect(await recordOf(stage, reply)).toMatchObject({
          outcome: 'upstream_error',
          status: 200,
          error_type: 'api_error',
          response_sha: reply.sha256,
        })
      })
    },
  )

  it('breaks a compressed stream off without adding to it', async () => {
    const reply = await stage.call({ credential, scenario: 'text?encoding=gzip&after=5&cut=reset' })
    const sent = gunzipped(stage.forwarded().response.body)
    expect(reply.isComplete).toBe(false)
    expect((door === 'fast' ? gunzipped(reply.body) : reply.body).equals(sent)).toBe(true)
  })

  it('breaks a whole message off without adding to it', async () => {
    const reply = await stage.call({ credential, scenario: 'truncated-json', body: messagesBody({ stream: false }) })
    expect(reply.isComplete).toBe(false)
    expect(reply.sha256).toBe(stage.forwarded().response.sha256)
  })

  it.each(['headers-then-silent', 'silent-mid-stream'])(
    'ends an exchange whose upstream has stopped sending: %s',
    async (scenario) => {
      const began = performance.now()
      const reply = await stage.call({ credential: bearer(faultTenant('stalled').clientKey), scenario })
      const tookMs = performance.now() - began
      expect(tookMs).toBeGreaterThan(stallTimeoutMs - 50)
      expect(tookMs).toBeLessThan(stallTimeoutMs * 5)
      expect(farewellOf(reply)?.error.type).toBe('timeout_error')
      expect(reply.isComplete).toBe(false)
      await stage.fake.waitFor((exchange) => exchange.aborted)
      expect(await recordOf(stage, reply)).toMatchObject({
        outcome: 'timeout',
        status: 200,
        error_type: 'timeout_error',
      })
    },
  )

  it('keeps a stream that only pings alive beyond the limit of silence', async () => {
    const reply = await stage.call({ credential, scenario: `ping-only-for?ms=${stallTimeoutMs + 500}&every=250` })
    expect(reply.isComplete).toBe(true)
    expect(reply.body.toString()).toContain('message_stop')
  })

  it.each([301, 302, 307, 308])('does not follow a redirect %i, nor carry the credential to it', async (status) => {
    const elsewhere = await startFakeClaude()
    const scenario = `redirect?status=${status}&to=${elsewhere.url}/v1/messages`
    const reply = await stage.call({ credential: bearer(faultTenant('redirect').clientKey), scenario })
    expect(elsewhere.requests).toEqual([])
    expect(reply.status).toBe(status)
    await elsewhere.close()
  })

  itRecordsEveryCall(stage)
})

/** What can be read of a compressed body that has no end. */
function gunzipped(bytes: Buffer): Buffer {
  return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH })
}
