import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { waitUntil } from '@/lib/testing/wait-until'
import { pageAccess, routeAccess } from '@/lib/users/access-table'
import { dashboardKey, logIn, nextAuthSecret, startSecurityStage, type Asker, type SecurityStage } from './stage'

/** Every secret of this run says so in itself. All made up. */
const accountKey = 'sk-ant-api03-canaryaccountkey0123456789'
const clientKey = 'cnp_live_canaryclientkey0123456789abcdef'
const callerToken = 'canary-caller-cookie-0123456789'
const metricsToken = 'canary-metrics-token-0123456789'
const encryptionKey = 'canary-encryption-key-0123456789'
const pasted = 'ghp_canaryPastedIntoAPrompt0123456789abcdef'
const saidWord = 'quetzalcanary'
const domain = 'canary.example.com'
/** Another tenant, of which a member of the first must not hear. */
const hiddenWord = 'hiddentenant'
const hiddenKey = 'cnp_live_hiddentenant0123456789abcdef'

const serverSecrets = [accountKey, metricsToken, encryptionKey, nextAuthSecret, dashboardKey, callerToken, clientKey]
const spellingsOf = (secret: string) => [
  secret,
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
  encodeURIComponent(secret),
]

/** The secrets that a text holds, in any spelling. */
function found(text: string, secrets: readonly string[] = serverSecrets): string[] {
  return secrets.filter((secret) => spellingsOf(secret).some((spelling) => text.includes(spelling)))
}

let stage: SecurityStage
let fake: FakeClaude
let credentials: string
/** Ids of the things of a domain, by the name that routes give them. */
type Ids = Readonly<Record<string, string>>
let ids: Ids
let hiddenIds: Ids
let memberCookie: string

beforeAll(async () => {
  fake = await startFakeClaude()
  credentials = mkdtempSync(path.join(tmpdir(), 'nexus-canary-'))
  writeCredentials(domain, { accountId: 'acc_canary', api_key: accountKey, client_api_key: clientKey })
  writeCredentials(`${hiddenWord}.example.com`, {
    accountId: `acc_${hiddenWord}`,
    api_key: 'sk-ant-api03-of-another-tenant',
    client_api_key: hiddenKey,
  })
  stage = await startSecurityStage({
    CLAUDE_API_BASE_URL: fake.url,
    CREDENTIALS_DIR: credentials,
    METRICS_TOKEN: metricsToken,
    ENCRYPTION_KEY: encryptionKey,
  })
  await callModel(clientKey)
  await callModel(hiddenKey)
  await callModel('cnp_live_not-a-key-of-anybody-0123456789')
  ;[ids, hiddenIds] = [await waitForIds(domain), await waitForIds(`${hiddenWord}.example.com`)]
  // After what must succeed: failures take an account out of service.
  for (const status of [400, 500]) await callModel(clientKey, `error?status=${status}`)
  const member = await logIn(stage.database, 'member')
  await stage.database.query('INSERT INTO domain_grants (user_id, domain_id) VALUES ($1, $2)', [
    member.userId,
    ids.domainId,
  ])
  memberCookie = member.cookie
})
afterAll(async () => {
  await stage?.stop()
  await fake?.close()
  rmSync(credentials, { recursive: true, force: true })
})

function writeCredentials(name: string, file: object): void {
  const content = JSON.stringify({ type: 'api_key', ...file })
  writeFileSync(path.join(credentials, `${name}.credentials.json`), content, { mode: 0o600 })
}

async function callModel(key: string, scenario?: string): Promise<void> {
  const content = `${saidWord} is the word and ${pasted} is the token`
  const response = await fetch(`${stage.app.url}/v1/messages`, {
    method: 'POST',
    headers: {
      ...{ authorization: `Bearer ${key}`, cookie: `session=${callerToken}`, 'anthropic-version': '2023-06-01' },
      ...{ 'content-type': 'application/json', ...(scenario && { 'x-fake-scenario': scenario }) },
    },
    body: JSON.stringify({ model: 'claude-opus-5-5', max_tokens: 10, messages: [{ role: 'user', content }] }),
  })
  await response.arrayBuffer()
}

async function waitForIds(name: string): Promise<Ids> {
  const read = async () =>
    (
      await stage.database.query<Record<string, string>>(
        `SELECT r.request_id AS "requestId", r.conversation_id AS "conversationId", r.account_id AS "accountId",
           d.id AS "domainId", 'request' AS side
         FROM api_requests r JOIN domains d ON d.name = r.domain
         WHERE r.domain = $1 AND r.outcome = 'completed' AND r.conversation_id IS NOT NULL`,
        [name],
      )
    ).rows[0]
  return waitUntil(read, { timeoutMs: 60_000, what: `the call of ${name} to be recorded` })
}

const addressOf = (route: string, of: Ids) =>
  route.replace(/\[([^\].]+)\]/g, (_whole, name: string) => of[name] ?? 'none') + (queries[route] ?? '')
const queries: Record<string, string> = {
  '/api/conversations/[conversationId]/export': '?format=jsonl',
  '/api/audit/export': '?format=jsonl',
  '/api/token-usage/current': '?accountId=acc_canary',
  '/api/token-usage/daily': '?accountId=acc_canary',
  '/api/token-usage/time-series': '?accountId=acc_canary',
}
/** Server-sent events have no end. */
const endless = new Set(['/api/events'])
const readable = [
  ...Object.entries(routeAccess).flatMap(([route, { GET }]) =>
    GET && GET !== 'own door' && !endless.has(route) ? [route] : [],
  ),
  ...Object.keys(pageAccess),
].filter((route) => !route.includes('[...') && !route.startsWith('/_'))

const read = (asker: Asker, route: string) => readAs(stage.headersOf(asker), addressOf(route, ids))

async function readAs(headers: Record<string, string>, address: string): Promise<string> {
  const response = await fetch(stage.app.url + address, { headers, redirect: 'manual' })
  return `${JSON.stringify([...response.headers])}\n${await response.text()}`
}

describe('a secret of the server', () => {
  it.each(readable)('is not in what %s answers, whoever asks', async (route) => {
    for (const asker of ['nobody', 'dashboard key', 'owner', 'viewer'] as const)
      expect(found(await read(asker, route)), asker).toEqual([])
  })

  it('is not in the log', () => expect(found(stage.app.log())).toEqual([]))

  it('is not in the database', async () => {
    const tables = await stage.database.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    )
    expect(tables.rows.length).toBeGreaterThan(20)
    for (const { name } of tables.rows) {
      const { rows } = await stage.database.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" t LIMIT 10000`)
      expect(found(rows.map(({ row }) => row).join('\n'), [...serverSecrets, saidWord, pasted]), name).toEqual([])
    }
  })

  it('is in no file of the data directory but the one that keeps it', () => {
    const files = readdirSync(stage.app.dataDir, { withFileTypes: true, recursive: true })
    const own = files.filter((file) => file.isFile() && !file.parentPath.includes('postgres'))
    for (const file of own.filter(({ name }) => name !== 'secrets.json'))
      expect(found(readFileSync(path.join(file.parentPath, file.name), 'latin1')), file.name).toEqual([])
  })

  it('is not in the command line, where every user of the machine could read it', () =>
    expect(found(readFileSync(`/proc/${stage.app.pid}/cmdline`, 'utf8'))).toEqual([]))
})

describe('the build', () => {
  const folder = `${process.env.NEXT_DIST_DIR || '.next'}/static`

  it('gives browsers no source map', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    expect(files.length).toBeGreaterThan(10)
    expect(files.filter((file) => file.endsWith('.map'))).toEqual([])
  })
})

describe('a secret that somebody pasted into a prompt', () => {
  it('reached the upstream as it was', () => {
    expect(fake.requests.map(({ body }) => body.toString()).join('\n')).toContain(pasted)
  })

  it.each(readable.filter((route) => !route.includes('/raw/')))('is not in what %s shows', async (route) =>
    expect(found(await read('owner', route), [pasted])).toEqual([]),
  )

  it('is in the exact bytes, which a fresh login may have', async () => {
    const answer = await read('owner', '/api/requests/[requestId]/raw/[side]')
    expect(answer).toContain(pasted)
    await stage.database.query("UPDATE user_sessions SET proved_at = now() - interval '11 minutes'")
    expect(await read('owner', '/api/requests/[requestId]/raw/[side]')).not.toContain(pasted)
    await stage.database.query('UPDATE user_sessions SET proved_at = now()')
  })

  it('is not in what a viewer gets, nor is anything else that was said', async () => {
    for (const route of readable) expect(found(await read('viewer', route), [pasted, saidWord]), route).toEqual([])
  })
})

describe('a domain that was not granted to a member', () => {
  const asMember = (route: string, of: Ids) => readAs({ cookie: memberCookie }, addressOf(route, of))

  it.each(readable)('is not in what %s answers', async (route) => {
    expect(await asMember(route, ids)).not.toContain(hiddenWord)
    const answer = await asMember(route, hiddenIds)
    // The address that was asked for may come back.
    expect(answer.replaceAll(`acc_${hiddenWord}`, '')).not.toContain(hiddenWord)
    if (route.includes('[')) expect(answer).not.toContain(saidWord)
  })

  it('does not keep the member from what was granted', async () => {
    expect(await asMember('/api/requests', ids)).toContain(ids.requestId)
    expect(await asMember('/api/requests/[requestId]', ids)).toContain(saidWord)
    expect(await asMember('/api/conversations/[conversationId]/thread', ids)).toContain(saidWord)
  })
})
