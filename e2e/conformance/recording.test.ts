import { describe, expect, it } from 'vitest'
import { sha256 } from './client'
import { dashboardKey } from './global-setup'
import { itRecordsEveryCall, recordOf } from './records'
import { doors, useStage, type Stage } from './stage'
import { bearer, messagesBody, usualHeaders } from './usual-call'
import { oauth, open, teamA } from './world'

/** The stored bytes of one side, as the dashboard hands them out. */
async function storedBytes(stage: Stage, requestId: string, side: 'request' | 'response') {
  const url = `${stage.url}/api/requests/${requestId}/raw/${side}`
  const answer = await fetch(url, { headers: { 'x-dashboard-key': dashboardKey } })
  expect(answer.status).toBe(200)
  return { bytes: Buffer.from(await answer.arrayBuffer()), sha256: answer.headers.get('x-nexus-sha256') }
}

const awkwardBodies: Record<string, Buffer> = {
  'an ordinary call': messagesBody(),
  'text that is no JSON': Buffer.from('not JSON at all \u0000'),
  'bytes that are no UTF-8': Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]),
  'lone surrogates and NUL escapes': Buffer.from('{"messages":[{"role":"user","content":"\\ud800\\u0000"}]}'),
  'duplicate keys and big numbers': Buffer.from('{"a":1152921504606846977,"a":1e400,"messages":[ ]}'),
}

describe.each(doors)('the record behind the %s door', (door) => {
  const stage = useStage(door)

  it.each(Object.entries(awkwardBodies))('gives back the very bytes of %s, both ways', async (_name, body) => {
    const reply = await stage.call({ body, scenario: 'echo' })
    const { request_id } = await recordOf(stage, reply)
    for (const side of ['request', 'response'] as const) {
      const stored = await storedBytes(stage, request_id, side)
      expect(stored.sha256).toBe(sha256(body))
      expect(stored.bytes.equals(body)).toBe(true)
    }
  })

  it.each(['gzip', 'br', 'deflate', 'crlf', 'multibyte?split=bytes', 'unknown-events', 'huge-event'])(
    'gives back the very stream of %s',
    async (scenario) => {
      const reply = await stage.call({ scenario })
      const { request_id } = await recordOf(stage, reply)
      expect((await storedBytes(stage, request_id, 'response')).sha256).toBe(stage.forwarded().response.sha256)
    },
  )

  it('names domain, account, path and kind of a call', async () => {
    const row = await recordOf(stage, await stage.call({ target: '/v1/messages?beta=true' }))
    expect(row).toMatchObject({
      domain: teamA.domain,
      account_id: teamA.accountId,
      method: 'POST',
      model: 'claude-opus-5-5',
      is_streaming: true,
      outcome: 'completed',
      stop_reason: 'end_turn',
      cost_confidence: 'exact',
    })
    expect(row.path).toMatch(/^\/v1\/messages/)
    expect(row.message_id).toMatch(/^msg_01/)
    expect(Number(row.cost_micro_usd)).toBeGreaterThan(0)
    expect(row.first_byte_ms ?? Number.NaN).toBeLessThanOrEqual(row.response_time_ms ?? 0)
  })

  it.each(['/v1/messages/count_tokens', '/v1/messages/batches', '/v1/files', '/v1/some/new/path'])(
    'records a call to %s',
    async (target) => {
      const body = Buffer.from(JSON.stringify({ model: 'claude-opus-5-5', messages: [] }))
      const row = await recordOf(stage, await stage.call({ target, body }))
      expect(row).toMatchObject({ path: target, domain: teamA.domain, is_streaming: false })
    },
  )

  it('counts tool calls, session and agent', async () => {
    const session = '0b9f5f7e-2f0c-4d57-9d38-1a53f1c0ffee'
    const headers = [
      ...usualHeaders,
      ['X-Claude-Code-Session-Id', session],
      ['x-claude-code-agent-id', 'a0123456789abcdef'],
    ] as const
    const row = await recordOf(stage, await stage.call({ headers, scenario: 'tool-use' }))
    expect(row).toMatchObject({
      session_id: session,
      agent_id: 'a0123456789abcdef',
      stop_reason: 'tool_use',
      tool_call_count: 1,
    })
  })

  it.each(['web-search', 'iterations', 'compaction', 'fallback', 'refusal', 'max-tokens', 'thinking'])(
    'takes the tokens of %s from the final usage',
    async (scenario) => {
      const row = await recordOf(stage, await stage.call({ scenario }))
      const { usage } = stage.forwarded().response
      expect([row.input_tokens, row.output_tokens]).toEqual([String(usage?.input_tokens), String(usage?.output_tokens)])
    },
  )

  it('tells cache reads and writes apart', async () => {
    const content = [{ type: 'text', text: 'x'.repeat(400), cache_control: { type: 'ephemeral', ttl: '1h' } }]
    const row = await recordOf(
      stage,
      await stage.call({ body: messagesBody({ messages: [{ role: 'user', content }] }) }),
    )
    const { usage } = stage.forwarded().response
    expect(Number(row.cache_read_input_tokens)).toBe(usage?.cache_read_input_tokens)
    expect(Number(row.cache_creation_input_tokens)).toBe(usage?.cache_creation_input_tokens)
    expect(usage?.cache_read_input_tokens).toBeGreaterThan(0)
  })

  it("does not price a caller's own credential on an account, nor keep it", async () => {
    const credential = [
      ['Authorization', 'Bearer sk-ant-api03-never-to-be-stored'],
      ['Host', open.domain],
    ] as const
    const row = await recordOf(stage, await stage.call({ credential }))
    expect(row).toMatchObject({ domain: open.domain, account_id: null, outcome: 'completed' })
  })

  it('hands no credential to the dashboard', async () => {
    for (const tenant of [teamA, oauth]) {
      const { request_id } = await recordOf(stage, await stage.call({ credential: bearer(tenant.clientKey) }))
      const answer = await fetch(`${stage.url}/api/requests/${request_id}`, {
        headers: { 'x-dashboard-key': dashboardKey },
      })
      const text = await answer.text()
      expect(answer.status).toBe(200)
      expect(text).not.toContain(tenant.clientKey)
      expect(text).not.toContain(tenant.accountKey)
    }
  })

  itRecordsEveryCall(stage)
})
