import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { newId } from '@/lib/ids'
import type { Attempt, ChosenAccount, NoAccount, Wanted } from '@/lib/proxy/ports'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { waitUntil } from '@/lib/testing/wait-until'
import { checkLimits, keepLimits, noteExchangeEnded, reloadLimits, withAccountLimits } from './check-limits'
import { LimitGuard } from './limit-guard'
import type { LimitMetric, LimitScope } from './limit-kinds'
import { LedgerSpend } from './limit-spend'
import { syncCounts, loadLimits, withdrawCounts } from './limit-sync'

let database: TestDatabase
const domainId = newId()
const caller = { domainId, domain: 'team-a.example.com', clientKeyId: null, mode: 'account', capture: 'full' } as const
const messages = '/v1/messages'

beforeAll(async () => {
  database = await createTestDatabase()
  await database.pool.query(`INSERT INTO domains (id, name) VALUES ($1, 'team-a.example.com')`, [domainId])
})
afterAll(() => database.drop())
beforeEach(() => database.pool.query('TRUNCATE limits, limit_counts, usage_hours, api_requests'))
afterEach(reloadWithout)

async function reloadWithout() {
  await database.pool.query('TRUNCATE limits')
  await reloadLimits()
}

async function setLimit(scope: LimitScope, scopeId: string, [metric, amount]: [LimitMetric, number]) {
  await database.pool.query(
    `INSERT INTO limits (id, scope, scope_id, metric, amount, created_by) VALUES ($1, $2, $3, $4, $5, 'test')`,
    [newId(), scope, scopeId, metric, amount],
  )
}

/** A process of its own, as far as limits go. */
async function startProcess() {
  const guard = new LimitGuard(Date.now)
  guard.setLimits(await loadLimits(database.pool))
  const id = newId()
  return {
    call: () => guard.checkCaller(caller, messages),
    sync: () => syncCounts(database.pool, guard, id),
    leave: () => withdrawCounts(database.pool, id),
  }
}

const isIn = (answer: object) => 'release' in answer

test('two processes share one limit: once they have told each other their counts, neither admits what the other used up', async () => {
  await setLimit('domain', domainId, ['requests_per_minute', 5])
  const [one, other] = [await startProcess(), await startProcess()]
  for (let index = 0; index < 3; index += 1) expect(isIn(one.call())).toBe(true)
  await one.sync()
  await other.sync()
  expect([other.call(), other.call(), other.call()].map(isIn)).toEqual([true, true, false])
  await other.sync()
  await one.sync()
  expect(isIn(one.call())).toBe(false)
})

test('running requests are counted over all processes, and end everywhere', async () => {
  await setLimit('domain', domainId, ['concurrent_requests', 1])
  const [one, other] = [await startProcess(), await startProcess()]
  const call = one.call()
  await one.sync()
  await other.sync()
  expect(isIn(other.call())).toBe(false)
  if ('release' in call) call.release()
  await one.sync()
  await other.sync()
  expect(isIn(other.call())).toBe(true)
})

test('running requests of a process that died or left are not waited for', async () => {
  await setLimit('domain', domainId, ['concurrent_requests', 1])
  const [dead, leaver, other] = [await startProcess(), await startProcess(), await startProcess()]
  dead.call()
  await dead.sync()
  await database.pool.query(`UPDATE limit_counts SET as_of = now() - interval '6 seconds'`)
  leaver.call()
  await leaver.sync()
  await leaver.leave()
  await other.sync()
  expect(isIn(other.call())).toBe(true)
})

test('processes keep themselves equal: a change of the limits and the counts of others arrive within seconds', async () => {
  const stop = new AbortController()
  const running = keepLimits(stop.signal)
  await setLimit('domain', domainId, ['requests_per_minute', 2])
  await waitUntil(() => !isIn(checkLimits(caller, messages)), { what: 'the new limit' })
  const other = await startProcess()
  await waitUntil(async () => {
    await other.sync()
    return !isIn(other.call())
  })
  stop.abort()
  await running
  const { rows } = await database.pool.query('SELECT subject FROM limit_counts')
  expect(rows.length).toBe(1)
})

test('a client key and the one that replaced it are counted together', async () => {
  const [first, later] = [newId(), newId()]
  await database.pool.query(
    `INSERT INTO client_keys (id, domain_id, name, hash, prefix, last4, first_key_id)
     SELECT id, $3, 'a key', decode(replace(id::text, '-', ''), 'hex'), 'cnp_live_', 'aaaa', first_key_id
     FROM (VALUES ($1::uuid, NULL::uuid), ($2, $1)) AS keys (id, first_key_id)`,
    [first, later, domainId],
  )
  await setLimit('client_key', first, ['requests_per_minute', 2])
  const guard = new LimitGuard(Date.now)
  guard.setLimits(await loadLimits(database.pool))
  const call = (clientKeyId: string) => isIn(guard.checkCaller({ domainId, clientKeyId }, messages))
  expect([call(first), call(later), call(later), call(first), call(newId())]).toEqual([true, true, false, false, true])
})

test('spend is what the ledger says for day, week and month, also while it grows', async () => {
  await setLimit('domain', domainId, ['spend_per_month', 1])
  await setLimit('all', '', ['spend_per_day', 1])
  const spend = new LedgerSpend(() => database.pool)
  const now = Date.parse('2026-11-24T12:30:00Z')
  const at = (text: string, micros: number, domain = 'team-a.example.com') =>
    aRequest(new Date(text), { cost_micro_usd: micros, domain })
  await insertRequests([
    at('2026-10-31T23:59:59Z', 1),
    at('2026-11-01T00:00:00Z', 20),
    at('2026-11-23T00:00:00Z', 300),
    at('2026-11-24T11:30:00Z', 4_000),
    at('2026-11-24T12:10:00Z', 50_000, 'team-b.example.com'),
  ])
  await rollUpInserted()
  const limits = await loadLimits(database.pool)
  expect(await spend.read(limits, now)).toEqual(
    new Map([
      [`domain:${domainId}`, { day: 4_000, week: 4_300, month: 4_320 }],
      ['all', { day: 54_000, week: 54_300, month: 54_320 }],
    ]),
  )
  await database.pool.query(`UPDATE usage_hours SET cost_micro_usd = 60000 WHERE hour = '2026-11-24T12:00:00Z'`)
  expect((await spend.read(limits, now)).get('all')?.day).toBe(64_000)
})

const wanted = { caller, path: messages, headers: [], body: new Uint8Array(), attempts: [] } satisfies Wanted
const account = (accountId: string): ChosenAccount => ({
  accountId,
  baseUrl: '',
  credential: null,
  kind: 'api_key',
  reason: '',
})

/** Chooses the first account that was not tried. */
const chooseFirst = async ({ attempts }: Wanted): Promise<ChosenAccount | NoAccount> => {
  const left = ['acc_one', 'acc_two'].find((accountId) => !attempts.some((attempt) => attempt.accountId === accountId))
  return left ? account(left) : { noAccount: true, retryAfterSeconds: null, reason: 'none is left' }
}

test('an account that reached its limit is passed over; when all did, the client hears when to come back', async () => {
  await setLimit('account', 'acc_one', ['requests_per_minute', 1])
  await setLimit('account', 'acc_two', ['requests_per_minute', 1])
  await reloadLimits()
  const choose = withAccountLimits(chooseFirst)
  expect(await choose(wanted)).toMatchObject({ accountId: 'acc_one' })
  expect(await choose(wanted)).toMatchObject({ accountId: 'acc_two' })
  const none = await choose(wanted)
  expect(none).toMatchObject({ noAccount: true })
  expect('noAccount' in none && none.retryAfterSeconds).toBeGreaterThan(50)
})

test('a call whose only account has spent what it may hears so, and of the pause of another if that is over sooner', async () => {
  await setLimit('account', 'acc_one', ['spend_per_day', 1])
  await insertRequests([aRequest(new Date(), { account_id: 'acc_one', domain: caller.domain })])
  await rollUpInserted()
  const spending = new AbortController()
  const kept = keepLimits(spending.signal)
  const noneFor = async (retryAfterSeconds: number | null) => {
    const choose = withAccountLimits(async ({ attempts }) =>
      attempts.length === 0 ? account('acc_one') : { noAccount: true, retryAfterSeconds, reason: 'none is left' },
    )
    const found = await choose(wanted)
    return 'noAccount' in found ? found : null
  }
  const none = await waitUntil(() => noneFor(0), { timeoutMs: 30_000, what: 'the limit to hold' })
  spending.abort()
  await kept
  expect(none.overLimit).toMatchObject({ type: 'billing_error', retryAfterSeconds: none.retryAfterSeconds })
  expect(none.overLimit?.message).toMatch(/daily spend limit of \$0\.000001 for this account/)
  const sooner = await noneFor(1)
  expect([sooner?.retryAfterSeconds, sooner?.overLimit]).toEqual([1, undefined])
})

test('a call that asked an account twice was one of its running requests', async () => {
  await setLimit('account', 'acc_one', ['concurrent_requests', 2])
  await reloadLimits()
  const choose = withAccountLimits(chooseFirst)
  for (let call = 0; call < 2; call += 1) await choose(wanted)
  const asked: Attempt = { accountId: 'acc_one', startedAtMs: 0, durationMs: 1, status: 401, error: null, reason: '' }
  noteExchangeEnded({ target: messages }, { attempts: [asked, { ...asked, status: 200 }] })
  expect(await choose(wanted)).toMatchObject({ accountId: 'acc_one' })
  expect(await choose(wanted)).toMatchObject({ accountId: 'acc_two' })
})

test('the running requests of an account end with their exchange', async () => {
  await setLimit('account', 'acc_one', ['concurrent_requests', 1])
  await reloadLimits()
  const choose = withAccountLimits(chooseFirst)
  await choose(wanted)
  expect(await choose(wanted)).toMatchObject({ accountId: 'acc_two' })
  const attempt: Attempt = { accountId: 'acc_one', startedAtMs: 0, durationMs: 1, status: 200, error: null, reason: '' }
  noteExchangeEnded({ target: messages }, { attempts: [attempt] })
  expect(await choose(wanted)).toMatchObject({ accountId: 'acc_one' })
})
