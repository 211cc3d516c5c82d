import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { isPromised } from './doc-blocks'
import { makeInstallation, type Installation } from './installation'
import { clientKey, dashboardKey, playPage, readPage } from './play-page'

const page = 'docs/troubleshooting.md'
const [names, ...blocks] = readPage(page)

/** What people came to such a page for. */
const entries = [
  ...['Invalid x-api-key', '401 Unauthorized', 'Request timeout', 'Rate limiting (429)', 'CORS'],
  ...['Connection failed', 'Missing tables', 'It does not start', 'Memory', 'Token limit exceeded'],
  ...['Debug mode', 'Logs', 'Quick reference'],
]

let fake: FakeClaude
let installation: Installation
const shell: Record<string, string> = { CLIENT_KEY: clientKey, NEW_KEY: 'sk-ant-api03-the-new-key' }

beforeAll(async () => {
  fake = await startFakeClaude()
  installation = await makeInstallation({
    settings: {
      CLAUDE_API_BASE_URL: fake.url,
      // Short, so that the page's timeout comes within a second or two.
      CLAUDE_API_TIMEOUT: '1500',
      DASHBOARD_API_KEY: dashboardKey,
    },
    account: { api_key: 'expired-key-of-claude', client_api_key: clientKey },
    shell,
  })
  Object.assign(shell, {
    CLAUDE_URL: fake.url,
    OTHER_PORT: new URL(fake.url).port,
    NEW_DATABASE_URL: await makeEmptyDatabase(installation.app.databaseUrl),
  })
})
afterAll(async () => {
  await installation.remove()
  await fake.close()
})

/** Beside the one of the installation. */
async function makeEmptyDatabase(url: string): Promise<string> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('CREATE DATABASE without_tables')
  await client.end()
  return Object.assign(new URL(url), { pathname: '/without_tables' }).href
}

describe(`the commands of ${page}`, () => {
  playPage({ names: names?.script ?? '', blocks, stage: () => ({ installation, fake }) })

  it('stand under every entry', () => {
    expect(entries.filter((entry) => !blocks.some(({ section }) => section === entry))).toEqual([])
  })
})

describe('the comparison with a promise', () => {
  it('takes … for anything and everything else for itself', () => {
    expect(isPromised('{"a":…}', '{"a":[1]}\n')).toBe(true)
    expect(isPromised('{"a":…}', '{"b":[1]}')).toBe(false)
    expect(isPromised('200', '2000')).toBe(false)
  })
})
