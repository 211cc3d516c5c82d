import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { waitUntil } from '@/lib/testing/wait-until'
import { startSecurityStage, type SecurityStage } from './stage'

const domain = 'erased.example.com'
const clientKey = 'cnp_live_of-the-erased-domain-0123456789'
const said = 'a secret about zeppelins'

let fake: FakeClaude
let stage: SecurityStage
let credentials: string

beforeAll(async () => {
  fake = await startFakeClaude()
  credentials = await mkdtemp(path.join(tmpdir(), 'nexus-erased-'))
  const file = { type: 'api_key', accountId: 'acc_erased', api_key: 'sk-ant-api03-erased', client_api_key: clientKey }
  await writeFile(path.join(credentials, `${domain}.credentials.json`), JSON.stringify(file), { mode: 0o600 })
  stage = await startSecurityStage({ CLAUDE_API_BASE_URL: fake.url, CREDENTIALS_DIR: credentials })
})
afterAll(async () => {
  await stage?.stop()
  await fake?.close()
  await rm(credentials, { recursive: true, force: true })
})

/** Streams until it is left. */
async function beginCall(signal: AbortSignal): Promise<string> {
  const response = await fetch(`${stage.app.url}/v1/messages`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${clientKey}`, 'anthropic-version': '2023-06-01' },
      ...{ 'content-type': 'application/json', 'x-fake-scenario': 'silent-mid-stream' },
    },
    body: JSON.stringify({
      ...{ model: 'claude-opus-5-5', max_tokens: 10, stream: true },
      messages: [{ role: 'user', content: said }],
    }),
    signal,
  })
  await response.body?.getReader().read()
  return response.headers.get('x-nexus-request-id') ?? ''
}

it('a call that runs while the content of its domain is deleted is recorded without what it says', async () => {
  const leaving = new AbortController()
  const requestId = await beginCall(leaving.signal)
  const { rows } = await stage.database.query<{ id: string }>('SELECT id FROM domains WHERE name = $1', [domain])
  const headers = stage.headersOf('owner')
  const erased = await fetch(`${stage.app.url}/api/storage/erasures`, {
    method: 'POST',
    headers: { ...headers, origin: stage.app.url, 'content-type': 'application/json' },
    body: JSON.stringify({ domainId: rows[0]?.id }),
  })
  expect([erased.status, await erased.json()]).toEqual([200, { bodies: 0 }])
  leaving.abort()
  const answer = await waitUntil(
    async () => {
      const response = await fetch(`${stage.app.url}/api/requests/${requestId}`, { headers })
      return response.ok ? response.text() : null
    },
    { timeoutMs: 60_000, what: 'the call to be recorded' },
  )
  expect(answer).not.toContain(said)
  const detail = JSON.parse(answer) as { inputTokens: number }
  expect(detail).toMatchObject({
    ...{ outcome: 'client_aborted', requestHeaders: null },
    content: { request: { state: 'erased' }, response: { state: 'erased' } },
  })
  expect(detail.inputTokens).toBeGreaterThan(0)
})
