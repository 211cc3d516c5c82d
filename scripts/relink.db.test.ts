import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { env } from '@/lib/env'
import { prisma } from '@/lib/prisma'
import { aCall, assistant, playCall, startMs, user } from '@/lib/testing/conversation-fixtures'
import { LinkStage } from '@/lib/testing/link-stage'
import { testDomainId } from '@/lib/testing/recorder-fixtures'

const stage = new LinkStage({ keepsContent: true })
const sessionId = '0b7c3a52-1111-4222-8333-444455556666'
const asked = [user('Fix the bug'), assistant('Done.')]
const one = aCall({ atMs: startMs, sessionId, messages: asked.slice(0, 1), answer: 'Done.' })
const suggestion = aCall({
  ...{ atMs: startMs + 1_000, sessionId, answer: 'run the tests' },
  messages: [...asked, user('[SUGGESTION MODE: what comes next?]')],
})

/** Runs the tool as `npm run relink` does, on the database of this test. */
async function relink(...args: string[]): Promise<string[]> {
  const { PATH, HOME } = process.env
  const variables = { DATABASE_URL: stage.database.url, ENCRYPTION_KEY: env().encryptionKey, NODE_ENV: 'test' as const }
  const command = ['--import', 'tsx', 'scripts/relink.ts', ...args]
  const { stdout } = await promisify(execFile)(process.execPath, command, {
    env: { PATH, HOME, NEXTAUTH_SECRET: env().nextAuthSecret, ...variables },
  })
  return stdout.trim().split('\n')
}

test('relink says for each request what changes and why, and changes it when it is no dry run', async () => {
  await prisma().domain.create({ data: { id: testDomainId, name: 'team-a.example.com' } })
  for (const call of [one, suggestion]) playCall(stage.recorder, call)
  await stage.recorder.flush()
  // As a version recorded it that took every call for a turn.
  await stage.database.pool.query(`UPDATE api_requests SET kind = 'main', parent_request_id = '${one.requestId}'`)
  await stage.database.pool.query(
    `UPDATE request_links SET role = 'turn', parent_request_id = '${one.requestId}' WHERE request_id = '${suggestion.requestId}'`,
  )

  const main = `${one.requestId} main`
  const change = `${suggestion.requestId}  kind main → side (is claude code, last text starts "[SUGGESTION MODE: "); ${main} after ${one.requestId} → ${main} (side call of the session)`
  expect(await relink('--dry-run')).toEqual([change, 'team-a.example.com: 2 requests, 1 would change'])
  expect(await relink('--domain', 'team-a.example.com')).toEqual([change, 'team-a.example.com: 2 requests, 1 changed'])
  expect(await relink()).toEqual(['team-a.example.com: 2 requests, 0 changed'])
})

test('a domain that does not exist is said to be none', async () => {
  await expect(relink('--domain', 'nobody.example.com')).rejects.toThrow('There is no domain nobody.example.com.')
})
