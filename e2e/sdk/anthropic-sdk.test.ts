import Anthropic, { NotFoundError } from '@anthropic-ai/sdk'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { startApp, type RunningApp } from '@/lib/testing/start-app'
import { queryRows, tokensOf, waitForRow } from '../conformance/recorded-rows'

const clientKey = 'cnp_live_of-the-sdk-test-0123456789'
const hello = {
  model: 'claude-opus-5-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hello there' }],
}

let fake: FakeClaude
let app: RunningApp
let credentials: string
let sdk: Anthropic

beforeAll(async () => {
  fake = await startFakeClaude()
  credentials = await mkdtemp(path.join(tmpdir(), 'nexus-sdk-'))
  const file = {
    type: 'api_key',
    accountId: 'acc_sdk',
    api_key: 'sk-ant-api03-of-the-account',
    client_api_key: clientKey,
  }
  await writeFile(path.join(credentials, 'sdk.example.com.credentials.json'), JSON.stringify(file), { mode: 0o600 })
  app = await startApp({ door: 'fast', env: { CLAUDE_API_BASE_URL: fake.url, CREDENTIALS_DIR: credentials } })
  sdk = new Anthropic({ apiKey: clientKey, baseURL: app.url, maxRetries: 0 })
})
beforeEach(() => fake.reset())
afterAll(async () => {
  await app.stop()
  await fake.close()
  await rm(credentials, { recursive: true })
})

/** The row of the only call of this test, and what the upstream saw of it. */
async function onlyCall() {
  const [exchange, ...others] = fake.requests
  if (!exchange || others.length > 0) throw new Error(`The upstream saw ${fake.requests.length} requests.`)
  return { exchange, row: await waitForRow(app, 'upstream_request_id = $1', exchange.requestId) }
}

describe('the official SDK', () => {
  it('streams a message to its end', async () => {
    const message = await sdk.messages.stream(hello).finalMessage()
    const { exchange, row } = await onlyCall()
    expect(message.content).toMatchObject([{ type: 'text', text: 'You said: Hello there' }])
    expect(String(message.usage.output_tokens)).toBe(row.output_tokens)
    expect(row).toMatchObject({
      ...tokensOf(exchange),
      is_streaming: true,
      outcome: 'completed',
      message_id: message.id,
    })
  })

  it('gets a whole message', async () => {
    const message = await sdk.messages.create(hello)
    const { exchange, row } = await onlyCall()
    expect(message._request_id).toBe(exchange.requestId)
    expect(row).toMatchObject({ ...tokensOf(exchange), is_streaming: false, stop_reason: 'end_turn' })
  })

  it('streams a tool call and answers it', async () => {
    const tools = [{ name: 'Bash', input_schema: { type: 'object' as const } }]
    const prompt = { role: 'user' as const, content: 'Use Bash {"command":"date"}' }
    const first = await sdk.messages.stream({ ...hello, tools, messages: [prompt] }).finalMessage()
    const call = first.content.find((block) => block.type === 'tool_use')
    const result = { type: 'tool_result' as const, tool_use_id: call?.id ?? '', content: 'Sunday' }
    const messages = [
      prompt,
      { role: 'assistant' as const, content: first.content },
      { role: 'user' as const, content: [result] },
    ]
    const second = await sdk.messages.stream({ ...hello, tools, messages }).finalMessage()
    expect([first.stop_reason, second.stop_reason]).toEqual(['tool_use', 'end_turn'])
    const rows = await Promise.all(
      fake.requests.map(({ requestId }) => waitForRow(app, 'upstream_request_id = $1', requestId)),
    )
    expect(rows[1]).toMatchObject({ conversation_id: rows[0]?.conversation_id, parent_request_id: rows[0]?.request_id })
    expect(rows[0]?.conversation_id).not.toBeNull()
  })

  it('counts tokens', async () => {
    const { input_tokens } = await sdk.messages.countTokens({ model: hello.model, messages: hello.messages })
    const { exchange, row } = await onlyCall()
    expect(input_tokens).toBe(Math.ceil(exchange.body.length / 4))
    expect(row).toMatchObject({ path: '/v1/messages/count_tokens', outcome: 'completed', cost_micro_usd: '0' })
  })

  it('lists models', async () => {
    const models = await sdk.models.list({ limit: 5 })
    const { exchange, row } = await onlyCall()
    expect(models.data.map(({ id }) => id)).toContain('claude-opus-5-5')
    expect(exchange.target).toBe('/v1/models?limit=5')
    expect(row).toMatchObject({ method: 'GET', path: '/v1/models', status: 200 })
  })

  it('raises the error of the upstream, with its request id', async () => {
    const error: unknown = await sdk.models.retrieve('claude-none').catch((caught: unknown) => caught)
    const { exchange, row } = await onlyCall()
    expect(error).toBeInstanceOf(NotFoundError)
    expect(error).toMatchObject({ status: 404, requestID: exchange.requestId, type: 'not_found_error' })
    expect(row).toMatchObject({ status: 404, outcome: 'upstream_error', error_type: 'not_found_error' })
  })

  it('raises an error that comes in the middle of a stream', async () => {
    const options = { headers: { 'x-fake-scenario': 'error-mid-stream' } }
    await expect(sdk.messages.stream(hello, options).finalMessage()).rejects.toMatchObject({ type: 'overloaded_error' })
    expect((await onlyCall()).row).toMatchObject({ status: 200, error_type: 'overloaded_error' })
  })

  it.each(['reset-mid-event', 'fin-mid-chunk'])(
    'hears of a stream lost in an event as from Claude: %s',
    async (scenario) => {
      const direct = new Anthropic({ apiKey: 'sk-ant-api03-direct', baseURL: fake.url, maxRetries: 0 })
      const lossOf = (client: Anthropic) =>
        client.messages
          .stream(hello, { headers: { 'x-fake-scenario': scenario } })
          .finalMessage()
          .catch((error: Error) => `${error.constructor.name}: ${error.message}`)
      const loss = await lossOf(sdk)
      expect((await onlyCall()).row).toMatchObject({ outcome: 'upstream_error', error_type: 'api_error', status: 200 })
      expect(loss).toBe(await lossOf(direct))
      expect(loss).toContain('terminated')
    },
  )

  it('leaves a stream, and the upstream is left, too', async () => {
    const stream = sdk.messages.stream(hello, { headers: { 'x-fake-scenario': 'slow?ms=20&events=500' } })
    stream.once('text', () => stream.abort())
    await expect(stream.finalMessage()).rejects.toThrow('aborted')
    await fake.waitFor((exchange) => exchange.aborted)
    const { exchange, row } = await onlyCall()
    expect(row).toMatchObject({
      outcome: 'client_aborted',
      status: 200,
      input_tokens: String(Math.ceil(exchange.body.length / 4)),
    })
    expect(row.cost_confidence).not.toBe('exact')
  })

  it('does not try a wrong key again', async () => {
    const stranger = new Anthropic({ apiKey: 'cnp_live_wrong-0123456789', baseURL: app.url, maxRetries: 3 })
    await expect(stranger.messages.create(hello)).rejects.toMatchObject({ status: 401, type: 'authentication_error' })
    expect(fake.requests).toEqual([])
  })

  it('has left one row for each call', async () => {
    await sdk.messages.create(hello)
    await onlyCall()
    const rows = await queryRows(app, 'domain = $1', 'sdk.example.com')
    expect(new Set(rows.map((row) => row.request_id)).size).toBe(rows.length)
    expect(rows.every((row) => row.account_id === 'acc_sdk')).toBe(true)
  })
})
