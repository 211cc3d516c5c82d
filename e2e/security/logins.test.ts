import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { startSecurityStage, type SecurityStage } from './stage'

const clientKey = 'cnp_live_under-two-hundred-logins-0123456789'
let fake: FakeClaude
let stage: SecurityStage
let credentials: string
beforeAll(async () => {
  fake = await startFakeClaude()
  credentials = mkdtempSync(path.join(tmpdir(), 'nexus-logins-'))
  const content = { type: 'api_key', api_key: 'sk-ant-api03-made-up-0123456789', client_api_key: clientKey }
  writeFileSync(path.join(credentials, 'team.example.com.credentials.json'), JSON.stringify(content), { mode: 0o600 })
  stage = await startSecurityStage({
    CLAUDE_API_BASE_URL: fake.url,
    CREDENTIALS_DIR: credentials,
    // As if each came from an address of its own.
    TRUSTED_PROXIES: 'loopback',
  })
})
afterAll(async () => {
  await stage?.stop()
  await fake?.close()
  rmSync(credentials, { recursive: true, force: true })
})

async function callModel(): Promise<number> {
  const response = await fetch(`${stage.app.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': clientKey, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'claude-opus-5-5', max_tokens: 8, messages: [{ role: 'user', content: 'Hello' }] }),
  })
  await response.arrayBuffer()
  return response.status
}

async function logIn(number: number): Promise<string> {
  const origin = { origin: stage.app.url, 'x-forwarded-for': `10.0.${number >> 8}.${number & 255}` }
  const csrf = await fetch(`${stage.app.url}/api/auth/csrf`, { headers: origin })
  const { csrfToken } = (await csrf.json()) as { csrfToken: string }
  const cookie = csrf.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')
  const body = new URLSearchParams({ csrfToken, json: 'true', email: `nobody-${number}@example.com`, password: 'x' })
  const path = `${stage.app.url}/api/auth/callback/credentials`
  const answer = await fetch(path, { method: 'POST', headers: { ...origin, cookie }, body })
  const { url } = (await answer.json()) as { url: string }
  return new URL(url).searchParams.get('error') ?? 'in'
}

it('two hundred logins at once, refused or slowed down, leave the calls of clients alone', async () => {
  expect(await callModel()).toBe(200)
  const logins = Promise.all(Array.from({ length: 200 }, (_, number) => logIn(number)))
  const calls: number[] = []
  for (let count = 0; count < 30; count += 1) calls.push(await callModel())
  expect(calls.filter((status) => status !== 200)).toEqual([])
  expect((await logins).filter((outcome) => !/^(wrong|wait-\d+)$/.test(outcome))).toEqual([])
})
