import Anthropic, { APIError } from '@anthropic-ai/sdk'
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakeClaude, type FakeClaude } from './fake-claude'

let fake: FakeClaude
let sdk: Anthropic

beforeAll(async () => {
  fake = await startFakeClaude()
  sdk = new Anthropic({ apiKey: 'sk-ant-api03-fake', baseURL: fake.url, maxRetries: 0 })
})
beforeEach(() => fake.reset())
afterAll(() => fake.close())

const hello = {
  model: 'claude-opus-5-5',
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'Hello there' }],
}

function ask(scenario: string, stream = true): Promise<Response> {
  return fetch(`${fake.url}/v1/messages`, {
    method: 'POST',
    headers: {
      'x-api-key': 'sk-ant-api03-fake',
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
      'x-fake-scenario': scenario,
    },
    body: JSON.stringify({ ...hello, stream }),
  })
}

describe('the fake Claude API', () => {
  it('streams a message that the official SDK accepts, with the usage of its own rule', async () => {
    const message = await sdk.messages.stream(hello).finalMessage()
    const [seen] = fake.requests
    expect(message.content).toMatchObject([{ type: 'text', text: 'You said: Hello there' }])
    expect(message.usage.input_tokens).toBe(Math.ceil((seen?.body.length ?? 0) / 4))
    expect(message.usage.output_tokens).toBe(Math.ceil('You said: Hello there'.length / 4))
    expect(fake.truth()).toMatchObject({ requests: 1, inputTokens: message.usage.input_tokens })
  })

  it.each([
    'tool-use',
    'thinking',
    'web-search',
    'iterations',
    'compaction',
    'fallback',
    'multibyte',
    'unknown-events',
    'refusal',
    'max-tokens',
  ])('gives the same message streamed and whole for %s', async (scenario) => {
    const options = { headers: { 'x-fake-scenario': scenario } }
    const whole = await sdk.beta.messages.create(hello, options)
    const streamed = await sdk.beta.messages.stream(hello, options).finalMessage()
    const withoutIds = (value: unknown) =>
      JSON.parse(JSON.stringify(value).replaceAll(/"(msg|toolu|srvtoolu)_01[^"]+"/g, '"id"')) as {
        content: unknown[]
        stop_reason: string
      }
    const blocks = withoutIds(streamed).content.filter((block) => (block as { type: string }).type !== 'future_block')
    expect(blocks).toEqual(withoutIds(whole).content)
    expect(streamed.stop_reason).toBe(whole.stop_reason)
  })

  it.each(['text', 'split', 'crlf', 'cr', 'multibyte?split=bytes', 'slow?ms=1'])(
    'records the very bytes it sent for %s',
    async (scenario) => {
      const bytes = Buffer.from(await (await ask(scenario)).arrayBuffer())
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(fake.requests[0]?.response.sha256)
      expect(fake.requests[0]?.response.finished).toBe(true)
    },
  )

  it.each(['gzip', 'br', 'deflate'])('compresses a stream and a whole answer with %s', async (coding) => {
    expect(await (await ask(coding)).text()).toContain('event: message_stop')
    expect(await (await ask(coding, false)).json()).toMatchObject({ type: 'message' })
    expect(fake.requests[0]?.response.bytes).toBeGreaterThan(0)
  })

  it('answers an error as the API does', async () => {
    const error: unknown = await sdk.messages
      .create(hello, { headers: { 'x-fake-scenario': 'error?status=529' } })
      .catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(APIError)
    expect(error).toMatchObject({ status: 529, type: 'overloaded_error', requestID: fake.requests[0]?.requestId })
  })

  it('gives an error its closer reason', async () => {
    const body: unknown = await (await ask('error?status=404&code=thread_not_found')).json()
    expect(body).toMatchObject({ error: { type: 'not_found_error', details: { error_code: 'thread_not_found' } } })
  })

  it('counts a prompt as long as it is told', async () => {
    const scenario = { headers: { 'x-fake-scenario': 'auto?prompt=190000' } }
    const message = await sdk.messages.stream(hello, scenario).finalMessage()
    expect(message.usage).toMatchObject({ input_tokens: 190_000, cache_read_input_tokens: 0 })
    expect(fake.truth().inputTokens).toBe(190_000)
  })

  it.each(['reset-before-headers', 'reset-after-headers', 'reset-mid-event', 'fin-mid-chunk'])(
    'breaks the connection for %s',
    async (scenario) => {
      await expect(ask(scenario).then((response) => response.text())).rejects.toThrow()
      expect(fake.requests[0]?.response.finished).toBe(false)
    },
  )

  it('ends a stream with an error event', async () => {
    expect(await (await ask('error-mid-stream')).text()).toMatch(/event: error\ndata: .*overloaded_error.*\n\n$/)
  })

  it('refuses a foreign credential and an OAuth token without its beta', async () => {
    const status = async (headers: Record<string, string>) => (await fetch(`${fake.url}/v1/models`, { headers })).status
    expect(await status({ 'x-api-key': 'cnp_live_x' })).toBe(401)
    expect(await status({ authorization: 'Bearer sk-ant-oat01-x' })).toBe(401)
    expect(
      await status({
        authorization: 'Bearer sk-ant-oat01-x',
        'anthropic-beta': 'oauth-2025-04-20',
        'anthropic-version': '2023-06-01',
      }),
    ).toBe(200)
  })

  it('sees that the client has gone, whatever phase it was in', async () => {
    for (const scenario of ['silent', 'headers-then-silent', 'slow?ms=50']) {
      const leaving = new AbortController()
      const left = sdk.messages
        .stream(hello, { headers: { 'x-fake-scenario': scenario }, signal: leaving.signal })
        .done()
      const before = fake.requests.length
      await fake.waitFor((exchange) => exchange.number > 0 && fake.requests.indexOf(exchange) >= before)
      leaving.abort()
      await expect(left).rejects.toThrow()
      await fake.waitFor((exchange) => fake.requests.indexOf(exchange) >= before && exchange.aborted)
    }
  })

  it('plays the agent: the directives of a prompt become tool calls, round after round', async () => {
    const tools = [{ name: 'Bash', input_schema: { type: 'object' as const } }]
    const prompt = 'Use Bash {"command":"echo {1}"} then Use Bash {"command":"echo 2"}'
    const first = await sdk.messages.create({ ...hello, tools, messages: [{ role: 'user', content: prompt }] })
    expect(first.content).toContainEqual(
      expect.objectContaining({ type: 'tool_use', name: 'Bash', input: { command: 'echo {1}' } }),
    )
    const result = (id: string) => ({
      role: 'user' as const,
      content: [{ type: 'tool_result' as const, tool_use_id: id, content: 'ok' }],
    })
    const history = [
      { role: 'user' as const, content: prompt },
      { role: 'assistant' as const, content: first.content },
      result('toolu_1'),
    ]
    const second = await sdk.messages.create({ ...hello, tools, messages: history })
    expect(second.content).toContainEqual(expect.objectContaining({ input: { command: 'echo 2' } }))
    const third = await sdk.messages.create({
      ...hello,
      tools,
      messages: [...history, { role: 'assistant', content: second.content }, result('toolu_2')],
    })
    expect(third.stop_reason).toBe('end_turn')
  })

  it('takes its scenario from the queue, from the credential or from the model', async () => {
    fake.next('error?status=500')
    fake.forCredential('sk-ant-api03-fake', 'error?status=429&retry-after=7')
    const statusOf = async (model: string) => {
      const error = (await sdk.messages.create({ ...hello, model }).catch((caught: unknown) => caught)) as
        APIError | { model: string }
      return 'status' in error ? error.status : 200
    }
    expect([await statusOf('claude-opus-5-5'), await statusOf('claude-opus-5-5')]).toEqual([500, 429])
    fake.forCredential('sk-ant-api03-fake', null)
    expect([await statusOf('fake-error?status=403'), await statusOf('claude-opus-5-5')]).toEqual([403, 200])
  })

  it('lists models, keeps batches and files, and rotates a refresh token once', async () => {
    expect((await sdk.models.list()).data.map((model) => model.id)).toContain('claude-opus-5-5')
    const batch = await sdk.messages.batches.create({ requests: [{ custom_id: 'first', params: hello }] })
    expect((await sdk.messages.batches.retrieve(batch.id)).id).toBe(batch.id)
    const refresh = () =>
      fetch(`${fake.url}/v1/oauth/token`, {
        method: 'POST',
        body: JSON.stringify({ refresh_token: 'sk-ant-ort01-fake-0' }),
      })
    expect([(await refresh()).status, (await refresh()).status]).toEqual([200, 400])
  })
})
