import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { GET as probeStream, POST as probeBody } from '@/app/api/doctor/probe/route'
import { sealSecret } from '@/lib/accounts/secrets'
import { buildClientKey } from '@/lib/clients/client-key'
import { connectDatabase, disconnectDatabase, hotPool } from '@/lib/db'
import { env, type Env } from '@/lib/env'
import { newId } from '@/lib/ids'
import { changeEnv } from '@/lib/testing/change-env'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { aRequest, insertRequests } from '@/lib/testing/insert-requests'
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { checkServer, type Health } from './check-server'
import { judgeDisk } from './check-data-dir'
import type { Finding } from './finding'
import { makeProbeToken, probeHeader } from './probe-token'
import { printFindings } from './print-findings'
import { runDoctor, type Visit } from './run-doctor'

const health: Health = {
  status: 'healthy',
  version: '0.0.0',
  uptime: 60,
  database: 'connected',
  recorder: { pending: 0, lagMs: 0, journalBytes: 0, journalShare: 0 },
}
const visit: Visit = {
  dotEnv: { values: {}, problem: null },
  databaseAbsent: null,
  server: async () => checkServer(health),
}

let database: TestDatabase
let claude: FakeClaude
let home: string
const servers: Server[] = []
let restoreEnv: () => void = () => undefined

beforeAll(async () => {
  database = await createTestDatabase()
  claude = await startFakeClaude()
  home = mkdtempSync(path.join(tmpdir(), 'nexus-doctor-'))
})
beforeEach(async () => {
  const folders = { NEXUS_DATA_DIR: path.join(home, newId()), CREDENTIALS_DIR: path.join(home, newId()) }
  mkdirSync(folders.CREDENTIALS_DIR)
  restoreEnv = changeEnv({ ...folders, CLAUDE_API_BASE_URL: claude.url, publicUrl: await startSelf() })
  await writeDomain()
})
afterEach(async () => {
  restoreEnv()
  await hotPool().query('TRUNCATE api_requests, domains, accounts, client_keys, account_domains CASCADE')
  await Promise.all(servers.splice(0).map(stop))
})
afterAll(async () => {
  await claude.close()
  await database.drop()
  rmSync(home, { recursive: true })
})

/** An installation without a fault: one domain with a key and an account. */
async function writeDomain(secret = sealSecret({ kind: 'api_key', apiKey: 'sk-ant-api03-doctor' }, accountUuid)) {
  await hotPool().query(
    `WITH d AS (INSERT INTO domains (id, name) VALUES ($1, 'team-a.example.com')),
       a AS (INSERT INTO accounts (id, account_id, name, kind, sealed_secret, last4) VALUES ($2, 'acc_a', 'A', 'api_key', $3, 'ctor')),
       l AS (INSERT INTO account_domains (account_uuid, domain_id) VALUES ($2, $1))
     INSERT INTO client_keys (id, domain_id, name, hash, prefix, last4) VALUES ($4, $1, 'key', '\\x01', 'cnp_live_', 'aaaa')`,
    [domainId, accountUuid, secret, newId()],
  )
}
const domainId = newId()
const accountUuid = newId()

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function stop(server: Server): Promise<void> {
  server.close()
  server.closeAllConnections()
  await once(server, 'close')
}

/** The handlers of this installation behind a socket, without anything in front. */
const startSelf = (): Promise<string> =>
  listen((incoming, response) => {
    void answerAsSelf(incoming.url ?? '', incoming.method === 'POST' ? incoming : null, incoming.headers).then(
      async (answer) => {
        response.writeHead(answer.status, Object.fromEntries(answer.headers))
        for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) response.write(chunk)
        response.end()
      },
      () => response.destroy(),
    )
  })

async function answerAsSelf(
  target: string,
  body: AsyncIterable<Uint8Array> | null,
  headers: NodeJS.Dict<string | string[]>,
): Promise<Response> {
  if (target === '/health/live') return Response.json({ alive: true })
  const sent = { [probeHeader]: String(headers[probeHeader]) }
  const url = `http://self${target}`
  if (body === null) return probeStream(new Request(url, { headers: sent }))
  const stream = Readable.toWeb(Readable.from(body)) as ReadableStream<Uint8Array>
  return probeBody(new Request(url, { method: 'POST', headers: sent, body: stream, duplex: 'half' } as RequestInit))
}

/** Runs the doctor with a fault of the environment, and says what else than `ok` it found. */
async function findWith(changes: Partial<Env> = {}, visiting: Partial<Visit> = {}): Promise<Finding[]> {
  const restore = changeEnv(changes)
  const findings = await runDoctor({ ...visit, ...visiting })
  restore()
  return findings.filter(({ status }) => status !== 'ok')
}

const idsWith = async (...given: Parameters<typeof findWith>) => (await findWith(...given)).map(({ id }) => id)

async function whileConnectedTo<T>(url: string, work: () => Promise<T>): Promise<T> {
  await disconnectDatabase()
  connectDatabase(url)
  const result = await work()
  await disconnectDatabase()
  connectDatabase(database.url)
  return result
}

describe('the doctor', () => {
  it('finds nothing in a healthy installation', async () => {
    expect(await findWith()).toEqual([])
  })

  it('finds a misspelt variable, and the one that was meant', async () => {
    const [finding] = await findWith({}, { dotEnv: { values: { CLAUDE_API_TIMEOUTS: '900000' }, problem: null } })
    expect(finding).toMatchObject({ id: 'unused-variable', fix: 'Write CLAUDE_API_TIMEOUT instead.' })
  })

  it('finds settings in .env that cannot be read, and says what to do', async () => {
    const problem = { says: '.env is there and cannot be read (EACCES)', fix: 'Let the user of the server read it.' }
    const [finding] = await findWith({}, { dotEnv: { values: {}, problem } })
    expect(finding).toMatchObject({ id: 'dot-env-unreadable', status: 'warning', ...problem })
  })

  it('finds an upstream address with /v1', async () => {
    const ids = await idsWith({ CLAUDE_API_BASE_URL: `${claude.url}/v1` })
    expect(ids).toContain('upstream-v1')
  })

  it('finds a server that is open to others under no address', async () => {
    expect(await idsWith({ HOST: '0.0.0.0', PUBLIC_URL: undefined })).toEqual(['public-url-missing'])
  })

  it('finds timeouts that cross', async () => {
    expect(await idsWith({ CLAUDE_API_TIMEOUT: 600_000, PROXY_SERVER_TIMEOUT: 60_000 })).toEqual(['timeouts-crossed'])
  })

  it('finds a data folder that cannot be written', async () => {
    const file = path.join(home, 'a-file')
    writeFileSync(file, '')
    expect(await idsWith({ NEXUS_DATA_DIR: file })).toEqual(['data-folder'])
  })

  it('finds secrets that others can read', async () => {
    const file = path.join(env().NEXUS_DATA_DIR, 'secrets.json')
    mkdirSync(env().NEXUS_DATA_DIR)
    writeFileSync(file, '{}')
    chmodSync(file, 0o644)
    const [finding] = await findWith()
    expect(finding).toMatchObject({ id: 'secrets-readable', fix: `chmod 600 ${file}` })
  })

  it('finds a disk that is nearly full', () => {
    const disk = { folder: '/data', totalBytes: 100 * 1024 ** 3 }
    expect(judgeDisk({ ...disk, freeBytes: 100 * 1024 ** 2 }).status).toBe('fault')
    expect(judgeDisk({ ...disk, freeBytes: 2 * 1024 ** 3 }).status).toBe('warning')
    expect(judgeDisk({ ...disk, freeBytes: 50 * 1024 ** 3 }).status).toBe('ok')
  })

  it('finds that nothing answers at the address of the database', async () => {
    const DATABASE_URL = 'postgresql://nobody@127.0.0.1:9/nexus'
    const found = await whileConnectedTo(DATABASE_URL, () => findWith({ DATABASE_URL }))
    expect(found).toMatchObject([{ id: 'database', says: expect.stringContaining('ECONNREFUSED') as string }])
    expect(found[0]?.fix).toContain('Start PostgreSQL')
  })

  it('finds missing migrations', async () => {
    const empty = await createEmptyDatabase()
    const ids = await whileConnectedTo(empty.url, idsWith)
    await empty.drop()
    expect(ids).toEqual(['migrations'])
  })

  it('finds a Claude API that cannot be reached', async () => {
    const [finding] = await findWith({ CLAUDE_API_BASE_URL: 'http://127.0.0.1:9' })
    expect(finding).toMatchObject({ id: 'upstream', says: expect.stringContaining('ECONNREFUSED') as string })
  })

  it('finds a redirect in the place of the Claude API', async () => {
    const url = await listen((_incoming, response) =>
      response.writeHead(301, { location: 'https://claude.example.com/v1/models' }).end(),
    )
    const [finding] = await findWith({ CLAUDE_API_BASE_URL: url })
    expect(finding).toMatchObject({
      id: 'upstream-redirect',
      fix: 'Set CLAUDE_API_BASE_URL=https://claude.example.com and restart.',
    })
  })

  it('finds a clock that is off', async () => {
    const date = new Date(Date.now() - 600_000).toUTCString()
    const url = await listen((_incoming, response) => response.writeHead(401, { date }).end('{"type":"error"}'))
    expect(await idsWith({ CLAUDE_API_BASE_URL: url })).toEqual(['clock'])
  })

  it('finds a credential file that cannot be used, and never quotes it', async () => {
    const secret = 'sk-ant-api03-very-secret'
    writeFileSync(path.join(env().CREDENTIALS_DIR, 'b.example.com.credentials.json'), `{"api_key":"${secret}"`)
    const found = await findWith()
    expect(found).toMatchObject([{ id: 'credential-file', says: expect.stringContaining('not valid JSON') as string }])
    expect(printFindings(found)).not.toContain(secret)
  })

  it('finds a credential file that is not looked at for its name', async () => {
    writeFileSync(path.join(env().CREDENTIALS_DIR, 'b.example.com.json'), '{}')
    const [finding] = await findWith()
    expect(finding).toMatchObject({ id: 'credential-file-name', fix: 'Call it b.example.com.credentials.json.' })
  })

  it('finds a client key of a file with a letter wrong, and never quotes it', async () => {
    const key = buildClientKey()
    const mistyped = `${key.slice(0, 20)}${key[20] === 'x' ? 'y' : 'x'}${key.slice(21)}`
    const content = { type: 'api_key', api_key: 'sk-ant-api03-made-up', client_api_key: mistyped }
    const file = path.join(env().CREDENTIALS_DIR, 'b.example.com.credentials.json')
    writeFileSync(file, JSON.stringify(content), { mode: 0o600 })
    const found = await findWith()
    expect(found).toMatchObject([{ id: 'client-key-mistyped' }])
    expect(JSON.stringify(found)).not.toContain(mistyped)
  })

  it('finds credentials that were sealed with another key', async () => {
    await hotPool().query('UPDATE accounts SET sealed_secret = $1', [Buffer.alloc(120)])
    expect(await idsWith()).toEqual(['encryption-key'])
  })

  it('finds a domain without an account', async () => {
    await hotPool().query('DELETE FROM account_domains')
    expect(await idsWith()).toEqual(['domain-without-account'])
  })

  it('finds an account that Claude refuses', async () => {
    await insertRequests([
      aRequest(new Date(Date.now() - 60_000), { account_id: 'acc_a' }),
      aRequest(new Date(), { account_id: 'acc_a', status: 401, outcome: 'upstream_error' }),
    ])
    expect(await idsWith()).toEqual(['account-refused'])
  })

  it('finds clients whose base URL ends with /v1', async () => {
    await insertRequests([aRequest(new Date(), { path: '/v1/v1/messages', status: 404, user_agent: 'sdk/1' })])
    const [finding] = await findWith()
    expect(finding).toMatchObject({ id: 'client-base-url', says: expect.stringContaining('sdk/1') as string })
  })

  it('finds clients whose base URL ends with a slash', async () => {
    await insertRequests([aRequest(new Date(), { path: '//v1/messages', status: 404, outcome: 'rejected' })])
    expect(await idsWith()).toEqual(['client-two-slashes'])
  })

  it('finds a public address that redirects', async () => {
    const url = await listen((incoming, response) =>
      response.writeHead(308, { location: `https://nexus.example.com${incoming.url}` }).end(),
    )
    const [finding] = await findWith({ publicUrl: url })
    expect(finding?.id).toBe('public-redirect')
    expect(finding?.fix).toContain('Set PUBLIC_URL=https://nexus.example.com')
  })

  it('finds a public address with somebody else behind', async () => {
    const url = await listen((_incoming, response) => response.end('<h1>It works!</h1>'))
    expect(await idsWith({ publicUrl: url })).toEqual(['public-stranger'])
  })

  it('finds a proxy in front that keeps streams back', async () => {
    const target = env().publicUrl
    const url = await listen((incoming, response) => void relayWhole(target, { incoming, response }))
    expect(await idsWith({ publicUrl: url })).toEqual(['public-buffering'])
  })

  it('finds a proxy in front that keeps back what it compresses', async () => {
    const target = env().publicUrl
    const url = await listen((incoming, response) => {
      const isCompressing = String(incoming.headers['accept-encoding']).includes('gzip') && incoming.method === 'GET'
      void (isCompressing ? relayCompressed : relayFlowing)(target, { incoming, response })
    })
    expect(await idsWith({ publicUrl: url })).toEqual(['public-buffering'])
  })

  it('finds a proxy in front that takes small bodies only', async () => {
    const target = env().publicUrl
    const url = await listen((incoming, response) => {
      if (Number(incoming.headers['content-length'] ?? 0) <= 1_048_576)
        return void relayFlowing(target, { incoming, response })
      incoming.resume()
      response.writeHead(413).end('<h1>413 Request Entity Too Large</h1>')
    })
    expect(await idsWith({ publicUrl: url })).toEqual(['public-body-limit'])
  })

  it('finds a process that ended and left its journal, and where that is', async () => {
    const figures = { pending: 4, openStreams: 0 }
    await hotPool().query(
      `INSERT INTO processes (id, journal_id, host, pid, role, version, started_at, seen_at, figures)
       VALUES ($1, 'its folder', 'beta', 7, 'proxy', '1', now(), now() - interval '2 minutes', $2)`,
      [newId(), JSON.stringify(figures)],
    )
    const [finding] = await findWith()
    await hotPool().query('TRUNCATE processes')
    expect(finding).toMatchObject({ id: 'journal-left', says: expect.stringContaining('4 requests') as string })
    expect(finding?.fix).toContain('data folder it had on beta')
  })

  it('finds a recorder that is behind', async () => {
    const behind = { ...health, recorder: { ...health.recorder, pending: 9, lagMs: 120_000 } }
    expect(await idsWith({}, { server: async () => checkServer(behind) })).toEqual(['recorder-lag'])
  })
})

interface Relayed {
  readonly incoming: Parameters<RequestListener>[0]
  readonly response: Parameters<RequestListener>[1]
}

const passOn = (target: string, { incoming }: Relayed) =>
  fetch(target + incoming.url, {
    method: incoming.method,
    headers: { [probeHeader]: String(incoming.headers[probeHeader]) },
    ...(incoming.method === 'POST' && { body: Readable.toWeb(incoming), duplex: 'half' }),
  } as RequestInit)

/** As a proxy that buffers: nothing before everything is there. */
async function relayWhole(target: string, relayed: Relayed): Promise<void> {
  const answer = await passOn(target, relayed)
  relayed.response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()))
}

async function relayCompressed(target: string, relayed: Relayed): Promise<void> {
  const answer = await passOn(target, relayed)
  const body = gzipSync(Buffer.from(await answer.arrayBuffer()))
  relayed.response.writeHead(answer.status, { 'content-encoding': 'gzip' }).end(body)
}

async function relayFlowing(target: string, relayed: Relayed): Promise<void> {
  const answer = await passOn(target, relayed)
  relayed.response.writeHead(answer.status)
  try {
    for await (const chunk of answer.body as unknown as AsyncIterable<Uint8Array>) relayed.response.write(chunk)
    relayed.response.end()
  } catch {
    // The doctor left after the first words, as it does.
    relayed.response.destroy()
  }
}

describe('the probe of the doctor', () => {
  const ask = (token: string) =>
    probeStream(new Request('http://self/api/doctor/probe', { headers: { [probeHeader]: token } }))

  it('is closed to everybody else', async () => {
    expect((await ask('')).status).toBe(403)
    expect((await ask(`${Date.now() + 30_000}.forged`)).status).toBe(403)
  })

  it('closes a minute after a token was made', async () => {
    expect((await ask(makeProbeToken(Date.now() - 120_000))).status).toBe(403)
  })
})
