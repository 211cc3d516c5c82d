import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { Client } from 'pg'

/** One tenant of the conformance run: a domain, its client key, its account. All values are made up. */
export interface Tenant {
  readonly domain: string
  readonly clientKey: string
  readonly accountId: string
  readonly accountKey: string
}

function tenant(name: string, accountPrefix = 'sk-ant-api03'): Tenant {
  return {
    domain: `${name}.example.com`,
    clientKey: `cnp_live_conformance-${name}-0123456789`,
    accountId: `acc_${name.replaceAll('-', '_')}`,
    accountKey: `${accountPrefix}-conformance-${name}`,
  }
}

export const teamA = tenant('team-a')
/** Spends an OAuth account. */
export const oauth = tenant('oauth', 'sk-ant-oat01')
/** The plan of whose account is used up for one model. */
export const plan = tenant('plan', 'sk-ant-oat01')
/** Another one, whose five-hour window is used up. */
export const usedUp = tenant('used-up', 'sk-ant-oat01')
/** Has an API key with no tokens left for one model. */
export const oneModel = tenant('one-model')
/** Lets callers bring their own Claude credential. */
export const open = tenant('open')
/** Its only account is paused. */
export const empty = tenant('empty')

/** One request a minute. */
export const limited = tenant('limited')
/** May spend a millionth of a dollar a day. */
export const capped = tenant('capped')

/** Of the one theme that adds up everything it was charged for. */
export const counted = tenant('counted')

/** Upstream errors cool an account down or take it out of service: each kind of fault has a tenant of its own. */
const faultNames = [
  ...[400, 401, 402, 403, 404, 409, 413, 429, 500, 502, 503, 504, 529].map((status) => `status-${status}`),
  'silent',
  'stalled',
  'refused',
  'reset',
  'broken-stream',
  'redirect',
] as const
const faulty = new Map(faultNames.map((name) => [name as string, tenant(name)]))

export function faultTenant(name: string): Tenant {
  const found = faulty.get(name)
  if (!found) throw new Error(`No tenant for the fault ${name}`)
  return found
}

function fileOf({ accountId, accountKey, clientKey }: Tenant): object {
  if (!accountKey.startsWith('sk-ant-oat')) {
    return { type: 'api_key', accountId, api_key: accountKey, client_api_key: clientKey }
  }
  const refreshToken = accountKey.replace('oat', 'ort')
  const tokens = { accessToken: accountKey, refreshToken, expiresAt: Date.UTC(2099, 0, 1), scopes: ['user:inference'] }
  return { type: 'oauth', accountId, oauth: tokens, client_api_key: clientKey }
}

/** Writes the credential files that the app imports at its start. */
export async function writeCredentials(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  for (const each of [
    teamA,
    oauth,
    plan,
    usedUp,
    oneModel,
    open,
    empty,
    limited,
    capped,
    counted,
    ...faulty.values(),
  ]) {
    await writeFile(path.join(directory, `${each.domain}.credentials.json`), JSON.stringify(fileOf(each)), {
      mode: 0o600,
    })
  }
}

/** What credential files cannot say; done before the app is asked for the first time. */
export async function adjustWorld(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('UPDATE domains SET is_pass_through_allowed = true WHERE name = $1', [open.domain])
  await client.query('UPDATE accounts SET is_paused = true WHERE account_id = $1', [empty.accountId])
  await limit(client, limited, 'requests_per_minute')
  await limit(client, capped, 'spend_per_day')
  await client.end()
}

async function limit(client: Client, { domain }: Tenant, metric: string): Promise<void> {
  await client.query(
    `INSERT INTO limits (id, scope, scope_id, metric, amount, is_enforced, created_by)
     SELECT gen_random_uuid(), 'domain', id::text, $2, 1, true, 'the conformance run' FROM domains WHERE name = $1`,
    [domain, metric],
  )
}
