import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccount } from '@/lib/accounts/change-account'
import { aRequest, insertRequests, rollUpInserted } from '@/lib/testing/insert-requests'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { createClientKey } from './client-keys'
import { createDomain } from './domains'
import { getOnboarding } from './onboarding'

let database: TestDatabase
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())

describe('the way to the first request', () => {
  it('is ticked off step by step', async () => {
    const by = { actor: { userId: null, name: 'a test' } }
    const nothing = { hasAccount: false, hasClientKey: false, hasRequest: false, domainId: null }
    expect(await getOnboarding()).toEqual(nothing)
    await createAccount(
      { kind: 'api_key', name: 'Console', apiKey: 'sk-ant-api03-x', organization: '', domains: [] },
      by,
    )
    expect(await getOnboarding()).toEqual({ ...nothing, hasAccount: true })
    const policies = { capture: 'full', isPassThroughAllowed: false, failover: 'off' } as const
    const { domainId } = await createDomain({ domain: 'team-a.example.com', ...policies }, by)
    expect(await getOnboarding()).toEqual({ ...nothing, hasAccount: true, domainId })
    await createClientKey({ domainId, name: 'first' }, by)
    expect(await getOnboarding()).toEqual({ hasAccount: true, hasClientKey: true, hasRequest: false, domainId })
    await insertRequests([aRequest(new Date())])
    await rollUpInserted()
    expect(await getOnboarding()).toMatchObject({ hasRequest: true })
  })
})
