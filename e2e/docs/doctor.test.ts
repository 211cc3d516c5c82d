import { once } from 'node:events'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Finding } from '@/lib/doctor/finding'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { waitUntil } from '@/lib/testing/wait-until'
import { makeInstallation, type Installation } from './installation'
import { clientKey, dashboardKey } from './play-page'

/** `npm run doctor` beside a running server, with faults as people make them. */

let fake: FakeClaude
let installation: Installation
let database: Client
const servers: Server[] = []

beforeAll(async () => {
  fake = await startFakeClaude()
  installation = await makeInstallation({
    settings: { CLAUDE_API_BASE_URL: fake.url, DASHBOARD_API_KEY: dashboardKey },
    account: { api_key: 'sk-ant-api03-doctor', client_api_key: clientKey },
    shell: {},
  })
  database = new Client({ connectionString: installation.app.databaseUrl })
  await database.connect()
})
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
  await database.query('TRUNCATE api_requests')
})
afterAll(async () => {
  await database?.end()
  await installation?.remove()
  await fake?.close()
})

/** What it says beyond `ok`, to somebody with these settings. What a busy machine kept it from seeing is asked again. */
async function ask(settings: Readonly<Record<string, string>> = {}, triesLeft = 3): Promise<Finding[]> {
  const given = Object.entries(settings).map(([name, value]) => `export ${name}='${value}'`)
  const { output } = await installation.run([...given, 'npm run -s doctor -- --json || true'].join('\n'))
  const findings = JSON.parse(output) as Finding[]
  if (triesLeft > 0 && findings.some(({ status }) => status === 'unknown')) return ask(settings, triesLeft - 1)
  return findings.filter(({ status }) => status !== 'ok')
}

const inFolder = (name: string) => path.join(installation.app.dataDir, '..', name)
const credentialFile = () => inFolder('credentials/team-a.example.com.credentials.json')

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const databaseUrlWith = (changes: Partial<URL>) => Object.assign(new URL(installation.app.databaseUrl), changes).href

async function call(headers: Readonly<Record<string, string>>, target = '/v1/messages'): Promise<void> {
  const body = '{"model":"claude-opus-5-5","max_tokens":10,"messages":[{"role":"user","content":"Hi"}]}'
  const sent = { 'content-type': 'application/json', ...headers }
  const answer = await fetch(installation.app.url + target, { method: 'POST', headers: sent, body })
  await answer.text()
  const isRecorded = async () => (await database.query('SELECT FROM api_requests')).rowCount === 1
  await waitUntil(isRecorded, { timeoutMs: 30_000, what: 'the call to be recorded' })
}

/** Changes a file, and brings it back when the doctor has looked. */
async function whileFileSays(name: string, content: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  const before = readFileSync(name, 'utf8')
  writeFileSync(name, content)
  return look().finally(() => writeFileSync(name, before))
}

interface Planted {
  readonly fault: string
  readonly finding: string
  /** What the advice names. */
  readonly fix: string
  find(): Promise<Finding[]>
}

const planted: readonly Planted[] = [
  {
    fault: 'a misspelt variable in .env',
    finding: 'unused-variable',
    fix: 'CLAUDE_API_TIMEOUT',
    find: () =>
      whileFileSays(inFolder('.env'), `${readFileSync(inFolder('.env'), 'utf8')}CLAUDE_API_TIMOUT=900000\n`, () =>
        ask(),
      ),
  },
  {
    fault: 'a database address where nothing listens',
    finding: 'database',
    fix: 'Start PostgreSQL',
    find: () => ask({ DATABASE_URL: databaseUrlWith({ port: '9' }) }),
  },
  {
    fault: 'a wrong password of the database',
    finding: 'database',
    fix: 'user name and password',
    find: () => ask({ DATABASE_URL: databaseUrlWith({ password: 'wrong' }) }),
  },
  {
    fault: 'a database that does not exist',
    finding: 'database',
    fix: 'createdb',
    find: () => ask({ DATABASE_URL: databaseUrlWith({ pathname: '/nowhere' }) }),
  },
  {
    fault: 'a database without tables',
    finding: 'migrations',
    fix: 'npm run migrate',
    find: async () => {
      await database.query('CREATE DATABASE without_tables')
      return ask({ DATABASE_URL: databaseUrlWith({ pathname: '/without_tables' }) })
    },
  },
  {
    fault: 'secrets that other users can read',
    finding: 'secrets-readable',
    fix: 'chmod 600',
    find: async () => {
      const file = path.join(installation.app.dataDir, 'secrets.json')
      chmodSync(file, 0o644)
      return ask().finally(() => chmodSync(file, 0o600))
    },
  },
  {
    fault: 'another program on the port',
    finding: 'port-taken',
    fix: 'lsof -i',
    find: () => ask({ PORT: new URL(fake.url).port }),
  },
  {
    fault: 'an upstream address with /v1',
    finding: 'upstream-v1',
    fix: 'Set CLAUDE_API_BASE_URL=',
    find: () => ask({ CLAUDE_API_BASE_URL: `${fake.url}/v1` }),
  },
  {
    fault: 'a Claude API that cannot be reached',
    finding: 'upstream',
    fix: 'firewall',
    find: () => ask({ CLAUDE_API_BASE_URL: 'http://127.0.0.1:9' }),
  },
  {
    fault: 'a clock that is ten minutes off',
    finding: 'clock',
    fix: 'set-ntp',
    find: async () => {
      const date = new Date(Date.now() - 600_000).toUTCString()
      const url = await listen((_incoming, response) => response.writeHead(401, { date }).end('{"type":"error"}'))
      return ask({ CLAUDE_API_BASE_URL: url })
    },
  },
  {
    fault: 'a credential file with a comma too few',
    finding: 'credential-file',
    fix: 'team-a.example.com.credentials.json',
    find: () => whileFileSays(credentialFile(), '{"type":"api_key" "api_key":"sk-ant-api03-doctor"}', () => ask()),
  },
  {
    fault: 'a credential file that other users can read',
    finding: 'credential-file-readable',
    fix: 'chmod 600',
    find: async () => {
      chmodSync(credentialFile(), 0o644)
      return ask().finally(() => chmodSync(credentialFile(), 0o600))
    },
  },
  {
    fault: 'another ENCRYPTION_KEY than that of the stored credentials',
    finding: 'encryption-key',
    fix: 'secrets.json',
    find: () => ask({ ENCRYPTION_KEY: 'another-encryption-key-0123456789' }),
  },
  {
    fault: 'an account that Claude refuses',
    finding: 'account-refused',
    fix: 'console.anthropic.com',
    find: async () => {
      fake.next('error?status=401')
      await call({ 'x-api-key': clientKey })
      return ask()
    },
  },
  {
    fault: 'a client whose base URL ends with /v1',
    finding: 'client-base-url',
    fix: 'ANTHROPIC_BASE_URL=',
    find: async () => {
      await call({ 'x-api-key': clientKey }, '/v1/v1/messages')
      return ask()
    },
  },
  {
    fault: 'a client key in a header that is not read',
    finding: 'client-wrong-header',
    fix: 'Authorization: Bearer',
    find: async () => {
      await call({ 'api-key': clientKey })
      return ask()
    },
  },
  {
    fault: 'a client with two keys',
    finding: 'client-two-keys',
    fix: 'ANTHROPIC_AUTH_TOKEN',
    find: async () => {
      await call({ 'x-api-key': 'sk-ant-api03-old', authorization: `Bearer ${clientKey}x` })
      return ask()
    },
  },
  {
    fault: 'a public address that leads to another server',
    finding: 'public-stranger',
    fix: 'PUBLIC_URL',
    find: async () => ask({ PUBLIC_URL: await listen((_incoming, response) => response.end('It works!')) }),
  },
  {
    fault: 'a public address that redirects',
    finding: 'public-redirect',
    fix: 'PUBLIC_URL=https://nexus.example.com',
    find: async () => {
      const location = 'https://nexus.example.com/health/live'
      const url = await listen((_incoming, response) => response.writeHead(301, { location }).end())
      return ask({ PUBLIC_URL: url })
    },
  },
  {
    fault: 'a server that does not run',
    finding: 'not-running',
    fix: 'npm start',
    find: async () => {
      const port = new URL(await listen(() => undefined)).port
      servers.splice(0).forEach((server) => server.close())
      return ask({ PORT: port })
    },
  },
]

it('the doctor finds nothing on a fresh installation', async () => {
  expect(await ask()).toEqual([])
})

const titled = planted.map((one) => [one.fault, one] as const)

it.each(titled)('the doctor finds %s, and says what to do', async (_fault, { finding, fix, find }) => {
  const found = await find()
  expect(found.map(({ id }) => id)).toEqual([finding])
  expect(found[0]?.fix).toContain(fix)
})

it('the doctor finds nothing once every fault is put right', async () => {
  expect(await ask()).toEqual([])
})
