import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { authenticate } from '@/lib/clients/authenticate'
import { createClientKey, revokeClientKey } from '@/lib/clients/client-keys'
import { createDomain } from '@/lib/clients/domains'
import { connectDatabase, disconnectDatabase } from '@/lib/db'
import { log } from '@/lib/log'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import { keepCacheSnapshot } from './cache-snapshot'
import { createAccount } from './change-account'
import { chooseAccount } from './choose-account'

const by = { actor: { userId: null, name: 'a test' } }
const apiKey = 'sk-ant-api03-canary-snapshot'
let database: TestDatabase
let dataDir: string
let file: string
let kept: { key: string; clientKeyId: string }
let revoked: { key: string; clientKeyId: string }

beforeAll(async () => {
  database = await createTestDatabase()
  const policies = { capture: 'full', isPassThroughAllowed: false, failover: 'off' } as const
  const { domainId } = await createDomain({ domain: 'team-a.example.com', ...policies }, by)
  await createAccount({ kind: 'api_key', name: 'Console', apiKey, organization: '', domains: [{ domainId }] }, by)
  kept = await makeKey(domainId)
  revoked = await makeKey(domainId)
  await revokeClientKey(revoked.clientKeyId, by)
})
afterAll(() => database.drop())
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-snapshot-'))
  file = path.join(dataDir, 'cache.json')
})
afterEach(async () => {
  vi.restoreAllMocks()
  await disconnectDatabase()
  connectDatabase(database.url)
  await rm(dataDir, { recursive: true, force: true })
})

async function makeKey(domainId: string) {
  const { key, clientKey } = await createClientKey({ domainId, name: 'test' }, by)
  return { key, clientKeyId: clientKey.clientKeyId }
}

/** One run of a process: it saves, or finds nothing to save, and ends. */
async function run(during: () => Promise<void>) {
  forget()
  const stop = new AbortController()
  const keeping = keepCacheSnapshot({ dataDir, signal: stop.signal })
  await during()
  stop.abort()
  await keeping
}

function forget() {
  const store = globalThis as Record<symbol, unknown>
  for (const name of ['clients.known', 'accounts.known']) delete store[Symbol.for(`nexus.${name}`)]
}

const saved = () => waitUntil(() => stat(file).catch(() => null), { what: 'the file' })
const byKey = (value: string) => authenticate({ kind: 'client_key', value }, 'localhost')

async function takeAway() {
  await disconnectDatabase()
  connectDatabase('postgresql://nobody@127.0.0.1:9/none')
}

describe('the cache on disk', () => {
  it('lets a process that starts without a database serve the callers of before', async () => {
    await run(async () => void (await saved()))
    await takeAway()
    await run(async () => {
      const caller = await byKey(kept.key)
      expect(caller).toMatchObject({ domain: 'team-a.example.com' })
      if (!caller) return
      const chosen = await chooseAccount({ caller, path: '/', headers: [], body: new Uint8Array(), attempts: [] })
      expect(chosen).toMatchObject({ credential: ['x-api-key', apiKey] })
    })
  })

  it('holds no key that was revoked', async () => {
    await run(async () => void (await saved()))
    await takeAway()
    await run(async () => void (await expect(byKey(revoked.key)).rejects.toMatchObject({ code: 'unavailable' })))
  })

  it('is for us alone: mode 0600, and nothing in it can be read', async () => {
    await run(async () => void (await saved()))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const content = await readFile(file, 'utf8')
    for (const secret of [apiKey, kept.key, 'team-a', 'Console']) {
      expect(content).not.toContain(secret)
      expect(Buffer.from(content, 'base64').toString('latin1')).not.toContain(secret)
    }
  })

  it('that is damaged is left aside with one warning and written anew', async () => {
    const warn = vi.spyOn(log(), 'warn')
    await writeFile(file, '{"sealed":"AAAA"}')
    await run(async () => {
      await waitUntil(async () => (await readFile(file, 'utf8')).length > 100, { what: 'a new file' })
    })
    expect(warn).toHaveBeenCalledTimes(1)
  })
  it('that a disk does not take ends nothing', async () => {
    await mkdir(`${file}.new`)
    const said = vi.spyOn(log(), 'debug')
    await run(async () => {
      await waitUntil(() => said.mock.calls.some(([, words]) => words === 'the cache could not be saved'))
    })
    await expect(stat(file)).rejects.toThrow('ENOENT')
  })

  it('is done without where nothing can be written', async () => {
    await rm(dataDir, { recursive: true })
    await writeFile(dataDir, 'a file where the folder should be')
    const said = vi.spyOn(log(), 'debug')
    vi.spyOn(log(), 'warn').mockImplementation(() => undefined)
    await run(async () => {
      await waitUntil(() => said.mock.calls.some(([, words]) => words === 'the cache could not be saved'))
      expect(await byKey(kept.key)).toMatchObject({ domain: 'team-a.example.com' })
    })
  })
})
