import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hotPool } from '@/lib/db'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { accountHealth, healthy } from './account-health'
import { AccountState, clearAccountHealth } from './account-state'
import { sessionAccounts, sessionKey } from './session-accounts'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => {
  await hotPool().query('TRUNCATE account_health, account_sessions')
  forget()
})

/** As a process that has just started. */
function forget(): void {
  const store = globalThis as Record<symbol, unknown>
  for (const name of ['accounts.health', 'accounts.sessions']) delete store[Symbol.for(`nexus.${name}`)]
}

const cooling = (leftMs: number, asOfMs = Date.now()) => ({
  ...healthy,
  coolingUntilMs: Date.now() + leftMs,
  coolingCause: 'throttle' as const,
  lastError: '429: too many requests',
  lastErrorAtMs: asOfMs,
  asOfMs,
})
const leftMs = (accountId: string) => accountHealth().get(accountId).coolingUntilMs - Date.now()

describe('the health of an account', () => {
  it('is known to a process that starts later', async () => {
    accountHealth().set('acc_a', { ...cooling(60_000), consecutiveFailures: 2 })
    await new AccountState().sync()
    forget()
    await new AccountState().sync()
    expect(accountHealth().get('acc_a')).toMatchObject({
      coolingCause: 'throttle',
      consecutiveFailures: 2,
      lastError: '429: too many requests',
    })
    expect(leftMs('acc_a')).toBeGreaterThan(55_000)
    expect(leftMs('acc_a')).toBeLessThan(65_000)
  })

  it('is the longer of two pauses, whoever wrote last', async () => {
    accountHealth().set('acc_a', cooling(60_000))
    await new AccountState().sync()
    forget()
    accountHealth().set('acc_a', cooling(5_000))
    await new AccountState().sync()
    expect(leftMs('acc_a')).toBeGreaterThan(50_000)
  })

  it('is the longer of two rests for each class of models, and the window that is used up is known to all', async () => {
    const inMs = (ms: number) => Date.now() + ms
    const window = { coolingCause: 'window' as const, coolingWindow: '5h' }
    accountHealth().set('acc_a', { ...cooling(60_000), ...window, modelRests: { opus: inMs(60_000), old: inMs(-1) } })
    await new AccountState().sync()
    forget()
    accountHealth().set('acc_a', { ...cooling(5_000), modelRests: { opus: inMs(5_000), haiku: inMs(30_000) } })
    await new AccountState().sync()
    forget()
    await new AccountState().sync()
    const { modelRests, coolingCause, coolingWindow } = accountHealth().get('acc_a')
    expect([coolingCause, coolingWindow]).toEqual(['window', '5h'])
    expect(Object.keys(modelRests).toSorted()).toEqual(['haiku', 'opus'])
    expect(modelRests.opus! - Date.now()).toBeGreaterThan(50_000)
    expect(modelRests.haiku! - Date.now()).toBeGreaterThan(20_000)
    await clearAccountHealth('acc_a')
    forget()
    await new AccountState().sync()
    expect(accountHealth().get('acc_a')).toMatchObject({ modelRests: {}, coolingWindow: null })
  })

  it('is the later word of two processes', async () => {
    accountHealth().set('acc_a', { ...healthy, consecutiveFailures: 0, asOfMs: Date.now() })
    await new AccountState().sync()
    forget()
    accountHealth().set('acc_a', { ...healthy, consecutiveFailures: 9, asOfMs: Date.now() - 60_000 })
    await new AccountState().sync()
    expect(accountHealth().get('acc_a').consecutiveFailures).toBe(0)
  })

  it('starts anew for every process when it is cleared, whatever they were about to say', async () => {
    const other = new AccountState()
    accountHealth().set('acc_a', cooling(60_000))
    await other.sync()
    accountHealth().set('acc_a', cooling(90_000, Date.now() - 1_000))
    const known = accountHealth()
    forget()
    await clearAccountHealth('acc_a')
    ;(globalThis as Record<symbol, unknown>)[Symbol.for('nexus.accounts.health')] = known
    await other.sync()
    expect(leftMs('acc_a')).toBeLessThan(0)
  })

  it('is kept for later while the database does not take it', async () => {
    accountHealth().set('acc_a', cooling(60_000))
    await hotPool().query('ALTER TABLE account_health RENAME TO away')
    await expect(new AccountState().sync()).rejects.toThrow('account_health')
    await hotPool().query('ALTER TABLE away RENAME TO account_health')
    await new AccountState().sync()
    expect((await hotPool().query('SELECT account_id FROM account_health')).rows).toEqual([{ account_id: 'acc_a' }])
  })
})

describe('the account of a session', () => {
  const key = sessionKey('domain', 'session-1')

  it('is known to a process that starts later, without the name of the session', async () => {
    sessionAccounts().note(key, 'acc_b', Date.now())
    await new AccountState().sync()
    const { rows } = await hotPool().query<{ text: string }>(
      `SELECT encode(session_key, 'escape') AS text FROM account_sessions`,
    )
    expect(rows.map(({ text }) => text)).not.toContainEqual(expect.stringContaining('session-1'))
    forget()
    await new AccountState().sync()
    expect(sessionAccounts().get(key, Date.now())).toBe('acc_b')
  })

  it('is the one of the later move', async () => {
    sessionAccounts().note(key, 'acc_b', Date.now())
    await new AccountState().sync()
    forget()
    sessionAccounts().note(key, 'acc_a', Date.now() - 10_000)
    await new AccountState().sync()
    expect(sessionAccounts().get(key, Date.now())).toBe('acc_b')
  })

  it('is forgotten after an hour of silence', async () => {
    sessionAccounts().note(key, 'acc_b', Date.now() - 3_600_001)
    expect(sessionAccounts().get(key, Date.now())).toBeNull()
    await new AccountState().sync()
    expect((await hotPool().query('SELECT 1 FROM account_sessions')).rows).toEqual([])
  })

  it('is never that of the same session in another domain', () => {
    expect(sessionKey('domain', 'session-1')).not.toBe(sessionKey('other', 'session-1'))
  })
})
