import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { changeEnv } from '../testing/change-env'
import { startFakeOidc, type FakeOidc } from '../testing/fake-oidc'
import { checkSingleSignOn } from './check-single-sign-on'

let provider: FakeOidc
let restore = () => {}
beforeAll(async () => {
  provider = await startFakeOidc()
})
afterAll(() => provider.close())
afterEach(() => restore())

async function findingsOf(issuer: string) {
  const rest = { clientId: 'nexus', clientSecret: 'x'.repeat(16), name: 'Fake ID', emailDomains: [] }
  restore = changeEnv({ oidc: { issuer, ...rest, defaultRole: 'member', isOnlyWay: false } })
  return (await checkSingleSignOn()).map(({ id, status }) => `${id} ${status}`)
}

describe('the doctor, about single sign-on', () => {
  it('says nothing where there is none', async () => expect(await checkSingleSignOn()).toEqual([]))

  it('is content with a provider that answers as its issuer', async () =>
    expect(await findingsOf(provider.issuer)).toEqual(['single-sign-on ok']))

  it('finds an issuer that is another one than its address', async () =>
    expect(await findingsOf(provider.issuer.replace('127.0.0.1', 'localhost'))).toEqual(['single-sign-on fault']))

  it('finds an address without a configuration', async () =>
    expect(await findingsOf(`${provider.issuer}/nowhere`)).toEqual(['single-sign-on fault']))

  it('warns of a provider that is asked in the clear', async () =>
    expect(await findingsOf('http://id.invalid')).toContain('single-sign-on-plain warning'))
})
