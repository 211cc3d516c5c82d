import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakeOidc, type FakeOidc, type OidcFault } from '@/lib/testing/fake-oidc'
import { startSecurityStage, type SecurityStage } from './stage'

let provider: FakeOidc
let stage: SecurityStage
beforeAll(async () => {
  provider = await startFakeOidc()
  stage = await startSecurityStage({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
    OIDC_NAME: 'Fake ID',
    OIDC_EMAIL_DOMAINS: 'example.com',
    OIDC_DEFAULT_ROLE: 'viewer',
  })
})
afterAll(async () => {
  await stage.stop()
  await provider.close()
})

let people = 0
beforeEach(() => {
  const sub = `person-${(people += 1)}`
  provider.person = { sub, email: `${sub}@example.com`, email_verified: true, name: 'Ada Provider' }
  provider.fault = null
  provider.hasThinTokens = false
})

const refused = /^\/login\?.*\berror=OAuthCallback$/

/** What a browser keeps and sends. */
function openBrowser() {
  const jar = new Map<string, string>()
  async function ask(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address, stage.app.url)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const isOurs = url.origin === stage.app.url
    const headers = { ...(init.headers as Record<string, string>), ...(isOurs && { cookie }) }
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (value === '' || /max-age=0/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    return answer
  }
  const locationOf = async (answer: Response) => {
    await answer.body?.cancel()
    return answer.headers.get('location') ?? ''
  }
  return {
    jar,
    ask,
    /** To the provider and back to our own door, which is not entered yet. */
    async comeBack(callbackUrl = '/usage'): Promise<string> {
      const { csrfToken } = (await (await ask('/api/auth/csrf')).json()) as { csrfToken: string }
      const body = new URLSearchParams({ csrfToken, callbackUrl, json: 'true' })
      const headers = { origin: stage.app.url, 'sec-fetch-site': 'same-origin' }
      const answer = await ask('/api/auth/signin/oidc', { method: 'POST', body, headers })
      const { url } = (await answer.json()) as { url: string }
      return locationOf(await ask(url))
    },
    /** Where it leads, past doors that only lead on. */
    async enter(door: string): Promise<string> {
      const next = await locationOf(await ask(door))
      return next.startsWith(`${stage.app.url}/api/`) ? this.enter(next) : next
    },
    async whoAmI(): Promise<string> {
      const answer = await ask('/api/auth/session')
      return ((await answer.json()) as { user?: { email: string } }).user?.email ?? 'nobody'
    },
  }
}

describe('single sign-on', () => {
  it('lets in who the provider vouches for, back to where they wanted to go', async () => {
    const browser = openBrowser()
    expect(await browser.enter(await browser.comeBack('/usage?by=model'))).toBe(`${stage.app.url}/usage?by=model`)
    expect(await browser.whoAmI()).toBe(provider.person.email)
    expect((await browser.ask('/overview')).status).toBe(200)
  })

  it('asks with PKCE, state and nonce, and for the time of the password', async () => {
    await openBrowser().comeBack()
    expect(provider.asked.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(provider.asked.get(name)?.length).toBeGreaterThan(40)
    expect(provider.asked.get('max_age')).toBe('604800')
  })

  it('finds the address at the userinfo endpoint when the token has none', async () => {
    provider.hasThinTokens = true
    const browser = openBrowser()
    await browser.enter(await browser.comeBack())
    expect(await browser.whoAmI()).toBe(provider.person.email)
  })

  it('leaves nothing of the flow in the browser, and no token of the provider anywhere', async () => {
    const browser = openBrowser()
    await browser.enter(await browser.comeBack())
    expect([...browser.jar.keys()].sort()).toEqual(['nexus.callback', 'nexus.csrf', 'nexus.session'])
    expect(stage.app.log()).not.toContain(provider.clientSecret)
  })

  it.each<OidcFault>(['signature', 'nonce', 'audience', 'issuer', 'expired', 'unsigned'])(
    'lets nobody in by a token with a wrong %s',
    async (fault) => {
      provider.fault = fault
      const browser = openBrowser()
      expect(await browser.enter(await browser.comeBack())).toMatch(refused)
      expect(await browser.whoAmI()).toBe('nobody')
    },
  )

  it('takes an answer in the browser alone that asked, so that nobody is logged in as somebody else', async () => {
    const door = await openBrowser().comeBack()
    const victim = openBrowser()
    await victim.comeBack()
    expect(await victim.enter(door)).toMatch(refused)
    expect(await openBrowser().enter(door)).toMatch(refused)
    expect(await victim.whoAmI()).toBe('nobody')
  })

  it('takes an answer once', async () => {
    const browser = openBrowser()
    const door = await browser.comeBack()
    const cookies = new Map(browser.jar)
    await browser.enter(door)
    const again = openBrowser()
    for (const [name, value] of cookies) again.jar.set(name, value)
    expect(await again.enter(door)).toMatch(refused)
  })

  it.each([
    ['an address that was not checked', { email_verified: false }, 'oidc-unverified'],
    ['a stranger', { email: 'eve@other.example' }, 'oidc-unknown'],
  ])('leads back to the login with the reason: %s', async (_, claims, code) => {
    Object.assign(provider.person, claims)
    const browser = openBrowser()
    expect(await browser.enter(await browser.comeBack())).toBe(`${stage.app.url}/login?error=${code}`)
    expect(await browser.whoAmI()).toBe('nobody')
  })

  it('lets nobody in whose access has ended', async () => {
    const browser = openBrowser()
    await browser.enter(await browser.comeBack())
    await stage.database.query('UPDATE users SET is_active = false WHERE email = $1', [provider.person.email])
    expect(await browser.whoAmI()).toBe('nobody')
    expect(await browser.enter(await browser.comeBack())).toContain('error=oidc-deactivated')
  })

  it('leads to no foreign place afterwards', async () => {
    const browser = openBrowser()
    expect(await browser.enter(await browser.comeBack('https://evil.example/'))).toBe(`${stage.app.url}/`)
  })

  it('is begun by our own pages alone', async () => {
    const body = new URLSearchParams({ csrfToken: 'x', json: 'true' })
    const headers = { origin: 'https://evil.example' }
    expect((await openBrowser().ask('/api/auth/signin/oidc', { method: 'POST', body, headers })).status).toBe(403)
  })
})
