import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { authenticate } from '@/lib/clients/authenticate'
import { connectDatabase, disconnectDatabase, hotPool } from '@/lib/db'
import { prisma } from '@/lib/prisma'
import { log } from '@/lib/log'
import type { Caller } from '@/lib/proxy/ports'
import { changeEnv } from '@/lib/testing/change-env'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import { accountHealth } from './account-health'
import { chooseAccount, reportAttempt } from './choose-account'
import { credentialFileProblems, importCredentialFiles, startCredentialFiles } from './credential-files'
import { knownDomainAccounts } from './domain-accounts'

let database: TestDatabase
let directory: string
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  await hotPool().query('TRUNCATE domains, accounts CASCADE')
  directory = await mkdtemp(path.join(tmpdir(), 'nexus-credentials-'))
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(directory, { recursive: true, force: true })
})

const apiKey = 'sk-ant-api03-canary-0123456789'
const clientKey = 'cnp_live_canary0123456789'
const content = { type: 'api_key', accountId: 'acc_seed', api_key: apiKey, client_api_key: clientKey }

async function write(domain: string, value: unknown = content) {
  const file = path.join(directory, `${domain}.credentials.json`)
  await writeFile(`${file}.new`, typeof value === 'string' ? value : JSON.stringify(value))
  await rename(`${file}.new`, file)
}

const byKey = (value: string) => authenticate({ kind: 'client_key', value }, 'localhost')
const wantedBy = (caller: Caller) => ({
  caller,
  path: '/v1/messages',
  headers: [],
  body: new Uint8Array(),
  attempts: [],
})

async function chosenFor(key = clientKey) {
  const caller = await byKey(key)
  if (!caller) throw new Error('the key was refused')
  return chooseAccount(wantedBy(caller))
}

describe('a credential file', () => {
  it('is all it takes: its key leads to its domain, and its account pays', async () => {
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    expect(await byKey(clientKey)).toMatchObject({ domain: 'team-a.example.com', mode: 'account' })
    expect(await chosenFor()).toEqual({
      accountId: 'acc_seed',
      baseUrl: 'https://api.anthropic.com',
      credential: ['x-api-key', apiKey],
      kind: 'api_key',
      reason: 'the only account of team-a.example.com',
    })
  })

  it('leaves no secret in the database in the clear', async () => {
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    const { rows } = await hotPool().query<{ text: string }>(
      `SELECT row_to_json(a)::text || encode(sealed_secret, 'escape') AS text FROM accounts a
       UNION ALL SELECT row_to_json(k)::text || encode(hash, 'escape') FROM client_keys k`,
    )
    expect(rows).toHaveLength(2)
    for (const { text } of rows) expect(text).not.toContain('canary')
  })

  it('changes nothing when it is imported again', async () => {
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    const before = await prisma().account.findFirst()
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    expect(await prisma().account.findMany()).toEqual([before])
    expect(await prisma().clientKey.count()).toBe(1)
    expect(await prisma().accountDomain.count()).toBe(1)
  })

  it('wins for what it names when it changes: new credential, new key, old key revoked', async () => {
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    await write('team-a.example.com', {
      ...content,
      api_key: 'sk-ant-api03-second',
      client_api_key: 'cnp_live_second-0123456789',
    })
    await importCredentialFiles(directory)
    expect(await byKey(clientKey)).toBeNull()
    expect(await chosenFor('cnp_live_second-0123456789')).toMatchObject({
      credential: ['x-api-key', 'sk-ant-api03-second'],
    })
    expect(await prisma().account.count()).toBe(1)
  })

  it('ends its key when it is removed and says so; the account stays as one of the dashboard', async () => {
    const warn = vi.spyOn(log(), 'warn')
    await write('team-a.example.com')
    await write('team-b.example.com', { ...content, accountId: 'acc_b', client_api_key: 'cnp_live_other-0123456789' })
    await importCredentialFiles(directory)
    await rm(path.join(directory, 'team-a.example.com.credentials.json'))
    await importCredentialFiles(directory)
    expect(await byKey(clientKey)).toBeNull()
    expect(await byKey('cnp_live_other-0123456789')).not.toBeNull()
    expect(warn).toHaveBeenCalledWith(
      expect.stringContaining('of team-a.example.com revoked: no file names it any more'),
    )
    expect(await prisma().account.findUnique({ where: { accountId: 'acc_seed' } })).toMatchObject({
      source: 'dashboard',
      deletedAt: null,
    })
  })

  it('that comes back brings its key back', async () => {
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    await rm(path.join(directory, 'team-a.example.com.credentials.json'))
    await importCredentialFiles(directory)
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    expect(await byKey(clientKey)).not.toBeNull()
  })

  it('does not bring back a key that a person revoked', async () => {
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    await prisma().clientKey.updateMany({ data: { revokedAt: new Date(), revokedReason: 'dashboard' } })
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    expect(await byKey(clientKey)).toBeNull()
    expect(credentialFileProblems()).toEqual([
      { file: 'team-a.example.com.credentials.json', problem: expect.stringContaining('revoked in the dashboard') },
    ])
  })

  it('that is broken costs one clear line, stops no other, and ends nothing that worked before', async () => {
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    const error = vi.spyOn(log(), 'error')
    await write('team-a.example.com', `{"api_key": "${apiKey}", oops`)
    await write('team-b.example.com', { ...content, accountId: 'acc_b', client_api_key: 'cnp_live_other-0123456789' })
    await importCredentialFiles(directory)
    await write('team-b.example.com', { ...content, accountId: 'acc_b', client_api_key: 'cnp_live_third-0123456789' })
    await importCredentialFiles(directory)
    expect(error.mock.calls).toEqual([
      [
        { file: 'team-a.example.com.credentials.json' },
        'credential file team-a.example.com.credentials.json: This is not valid JSON.',
      ],
    ])
    expect(credentialFileProblems()).toHaveLength(1)
    expect(await byKey(clientKey)).not.toBeNull()
    expect(await byKey('cnp_live_third-0123456789')).not.toBeNull()
  })

  it('may not give an account another credential than an earlier file does', async () => {
    await write('team-a.example.com')
    await write('team-b.example.com', {
      ...content,
      api_key: 'sk-ant-api03-different',
      client_api_key: 'cnp_live_other-0123456789',
    })
    await importCredentialFiles(directory)
    expect(credentialFileProblems()).toEqual([
      {
        file: 'team-b.example.com.credentials.json',
        problem: 'team-a.example.com.credentials.json gives acc_seed another credential.',
      },
    ])
  })

  it('shares its account with another domain when both name the same credential', async () => {
    await write('team-a.example.com')
    await write('team-b.example.com', { ...content, client_api_key: 'cnp_live_other-0123456789' })
    await importCredentialFiles(directory)
    expect(await chosenFor('cnp_live_other-0123456789')).toMatchObject({ accountId: 'acc_seed' })
    expect(await prisma().account.count()).toBe(1)
  })

  it('may not share a stored login with another domain, whoever linked that', async () => {
    const restore = changeEnv({ ALLOW_STORED_OAUTH: true })
    const login = { type: 'oauth', accountId: 'acc_login', oauth: { accessToken: 'sk-ant-oat01-canary' } }
    await write('team-a.example.com', login)
    await write('team-b.example.com', login)
    await importCredentialFiles(directory)
    restore()
    expect(credentialFileProblems()).toEqual([
      {
        file: 'team-b.example.com.credentials.json',
        problem: expect.stringContaining('is never shared') as string,
      },
    ])
    expect(await prisma().accountDomain.count()).toBe(1)
  })

  it('takes its client key along when it is renamed', async () => {
    await write('team-a.exmaple.com')
    await importCredentialFiles(directory)
    await rm(path.join(directory, 'team-a.exmaple.com.credentials.json'))
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    expect(credentialFileProblems()).toEqual([])
    expect(await byKey(clientKey)).toMatchObject({ domain: 'team-a.example.com' })
  })

  it('takes no client key from a domain whose own file cannot be read', async () => {
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    await write('team-a.example.com', '{')
    await write('team-b.example.com')
    await importCredentialFiles(directory)
    expect(await byKey(clientKey)).toMatchObject({ domain: 'team-a.example.com' })
  })

  it('may not use the client key of another domain', async () => {
    await write('team-a.example.com')
    await write('team-b.example.com', { ...content, accountId: 'acc_b' })
    await importCredentialFiles(directory)
    expect(credentialFileProblems()).toMatchObject([
      { problem: 'client_api_key: This key belongs to another domain already.' },
    ])
    expect(await byKey(clientKey)).toMatchObject({ domain: 'team-a.example.com' })
    expect(await prisma().domain.count()).toBe(1)
  })
})

describe('the directory of credential files', () => {
  it('revokes nothing when it is away as a whole', async () => {
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    await rm(directory, { recursive: true })
    await importCredentialFiles(directory)
    expect(await byKey(clientKey)).not.toBeNull()
  })

  it('may hold a link that leads nowhere: it is named, and the others are used', async () => {
    await symlink('/nowhere/at/all', path.join(directory, 'team-b.example.com.credentials.json'))
    await write('team-a.example.com')
    await importCredentialFiles(directory)
    expect(await byKey(clientKey)).not.toBeNull()
    expect(credentialFileProblems()).toEqual([
      { file: 'team-b.example.com.credentials.json', problem: 'The file cannot be read (ENOENT).' },
    ])
  })

  it('is watched: a new file works within moments, without a restart', async () => {
    const stop = new AbortController()
    await startCredentialFiles({ directory, signal: stop.signal })
    await write('team-a.example.com')
    await waitUntil(() => byKey(clientKey), { what: 'the key of the new file' })
    stop.abort()
    await importCredentialFiles(directory)
  })

  it('is imported later when the database is away at first', async () => {
    const warn = vi.spyOn(log(), 'warn')
    await write('team-a.example.com')
    await disconnectDatabase()
    connectDatabase('postgresql://nobody@127.0.0.1:9/none')
    await importCredentialFiles(directory)
    expect(warn).toHaveBeenCalledTimes(1)
    await disconnectDatabase()
    connectDatabase(database.url)
    await importCredentialFiles(directory)
    expect(await byKey(clientKey)).not.toBeNull()
  })

  it('may hold other files', async () => {
    await mkdir(path.join(directory, 'old'))
    await writeFile(path.join(directory, 'README.md'), 'notes')
    await importCredentialFiles(directory)
    expect(credentialFileProblems()).toEqual([])
  })
})

describe('the chosen account', () => {
  afterEach(() => {
    for (const accountId of ['acc_first', 'acc_second', 'acc_only']) accountHealth().clear(accountId)
  })

  async function addAccount(accountId: string, position: number) {
    await write('team-a.example.com', { ...content, accountId, api_key: `sk-ant-api03-of-${accountId}` })
    await importCredentialFiles(directory)
    await prisma().accountDomain.updateMany({ where: { account: { accountId } }, data: { position } })
    knownDomainAccounts().expire()
  }

  it('is the next one while the first is cooling', async () => {
    await addAccount('acc_first', 0)
    await addAccount('acc_second', 1)
    expect(await chosenFor()).toMatchObject({ accountId: 'acc_first' })
    const attempt = { accountId: 'acc_first', startedAtMs: 0, durationMs: 5, status: 429, error: null, reason: '' }
    reportAttempt(attempt, [['retry-after', '30']], { path: '/v1/messages', headers: [], body: new Uint8Array() })
    expect(await chosenFor()).toMatchObject({
      accountId: 'acc_second',
      skipped: [{ accountId: 'acc_first', why: 'cooling, 30 s left' }],
    })
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 30_001)
    expect(await chosenFor()).toMatchObject({ accountId: 'acc_first' })
  })

  it('is none when its credential was sealed with another key, and the log says why', async () => {
    await addAccount('acc_only', 0)
    const error = vi.spyOn(log(), 'error')
    await prisma().account.updateMany({ data: { sealedSecret: Buffer.alloc(120, 1) } })
    knownDomainAccounts().expire()
    expect(await chosenFor()).toMatchObject({ noAccount: true, retryAfterSeconds: null })
    expect(error).toHaveBeenCalledWith(
      expect.objectContaining({ accountId: 'acc_only' }),
      'the credential of an account cannot be opened',
    )
  })

  it('is none for a domain without accounts', async () => {
    const domain = await prisma().domain.create({
      data: { id: '0190a000-0000-7000-8000-00000000000a', name: 'empty.example.com' },
    })
    const caller: Caller = {
      domainId: domain.id,
      domain: domain.name,
      clientKeyId: null,
      mode: 'account',
      capture: 'full',
    }
    expect(await chooseAccount(wantedBy(caller))).toEqual({
      noAccount: true,
      retryAfterSeconds: null,
      reason: 'empty.example.com has no usable account',
    })
  })

  it('is the same one while the database is away', async () => {
    await addAccount('acc_first', 0)
    await chosenFor()
    await disconnectDatabase()
    connectDatabase('postgresql://nobody@127.0.0.1:9/none')
    vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_600_000)
    expect(await chosenFor()).toMatchObject({ accountId: 'acc_first' })
    vi.restoreAllMocks()
    await disconnectDatabase()
    connectDatabase(database.url)
  })

  it('of a caller with its own credential is nobody: the credential stays the caller’s', async () => {
    const caller: Caller = {
      domainId: 'd',
      domain: 'open.example.com',
      clientKeyId: null,
      mode: 'pass_through',
      capture: 'full',
    }
    const headers = [['Authorization', 'Bearer sk-ant-oat01-canary-of-the-caller']] as const
    const chosen = await chooseAccount({ ...wantedBy(caller), headers })
    expect(chosen).toMatchObject({ accountId: null, credential: null, kind: 'pass_through' })
    expect(chosen.reason).toMatch(/^the caller's own credential \(fingerprint [0-9a-f]{12}\), allowed in /)
    const other = [['x-api-key', 'sk-ant-oat01-canary-of-another']] as const
    expect((await chooseAccount({ ...wantedBy(caller), headers: other })).reason).not.toBe(chosen.reason)
  })

  it('of a stored login is a Bearer, and only while stored logins are allowed', async () => {
    const restore = changeEnv({ ALLOW_STORED_OAUTH: true })
    await write('team-a.example.com', {
      type: 'oauth',
      client_api_key: clientKey,
      oauth: {
        accessToken: 'sk-ant-oat01-canary',
        refreshToken: 'sk-ant-ort01-canary',
        expiresAt: Date.UTC(2099, 0, 1),
      },
    })
    await importCredentialFiles(directory)
    expect(await chosenFor()).toMatchObject({
      kind: 'oauth',
      credential: ['authorization', 'Bearer sk-ant-oat01-canary'],
    })
    restore()
    expect(await chosenFor()).toMatchObject({ noAccount: true })
  })
})
