import { afterEach, beforeEach, expect, it } from 'vitest'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { startApp, type RunningApp } from '@/lib/testing/start-app'
import { waitUntil } from '@/lib/testing/wait-until'
import { start } from './client'
import { bearer, messagesBody, usualHeaders } from './usual-call'
import { teamA, writeCredentials } from './world'

// The fast door alone: behind the other one Next closes its listener at the first signal.
let fake: FakeClaude
let app: RunningApp
let credentials: string

beforeEach(async () => {
  fake = await startFakeClaude()
  credentials = await mkdtemp(path.join(tmpdir(), 'nexus-leaving-'))
  await writeCredentials(credentials)
  app = await startApp({ door: 'fast', env: { CLAUDE_API_BASE_URL: fake.url, CREDENTIALS_DIR: credentials } })
})
afterEach(async () => {
  await app.stop()
  await fake.close()
  await rm(credentials, { recursive: true })
})

const call = (scenario: string) =>
  start(app.url, {
    headers: [...bearer(teamA.clientKey), ...usualHeaders, ['x-fake-scenario', scenario]],
    body: messagesBody(),
  })

it('turns new calls away at the end of its life and lets running ones finish', async () => {
  const running = call('slow?ms=20&events=300')
  await running.head
  process.kill(app.pid, 'SIGTERM')
  const refused = await waitUntil(
    async () => {
      const reply = await call('text').read()
      return reply.status === 200 ? null : reply
    },
    { what: 'the drain' },
  )
  expect(refused.status).toBe(503)
  expect(JSON.parse(refused.body.toString())).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } })
  expect(Number(refused.header('retry-after'))).toBeGreaterThan(0)

  const finished = await running.read()
  expect(finished.isComplete).toBe(true)
  expect(finished.sha256).toBe(fake.requests[0]?.response.sha256)
  expect(await app.stop()).toBe(0)
})
