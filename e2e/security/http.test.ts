import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sendRaw } from '../conformance/raw-socket'
import { startSecurityStage, type SecurityStage } from './stage'

let stage: SecurityStage
beforeAll(async () => {
  stage = await startSecurityStage()
})
afterAll(() => stage.stop())

const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(stage.app.url + path, { headers, redirect: 'manual' })

const everyKind = [
  '/login',
  '/overview',
  '/api/requests',
  '/api/none',
  '/none',
  '/health',
  '/icon.svg',
  '/api/auth/session',
]

describe('every answer', () => {
  it.each(everyKind)('forbids frames, sniffing and a policy of others: %s', async (path) => {
    for (const headers of [{}, stage.headersOf('owner')]) {
      const answer = await ask(path, headers)
      expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
      expect(answer.headers.has('x-powered-by')).toBe(false)
      expect(answer.headers.has('access-control-allow-origin')).toBe(false)
      await answer.body?.cancel()
    }
  })

  it.each(['/overview', '/api/requests', '/members', '/api/users'])(
    'behind the login stays out of caches: %s',
    async (path) => {
      const answer = await ask(path, stage.headersOf('owner'))
      expect(answer.status).toBe(200)
      expect(answer.headers.get('cache-control')).toMatch(/no-store/)
      await answer.body?.cancel()
    },
  )
})

describe('a page behind the login', () => {
  const tricks: Record<string, string>[] = [
    { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
    { rsc: '1', 'next-router-prefetch': '1' },
    { rsc: '1', 'next-router-segment-prefetch': '/_tree' },
    { 'x-nexus-path': '/login', 'x-nonce': 'mine', 'content-security-policy': "script-src 'nonce-mine'" },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
    { 'x-original-url': '/login', 'x-rewrite-url': '/login' },
  ]

  it.each(tricks)('is not opened by %j', async (headers) => {
    for (const path of ['/members', '/audit', '/accounts']) {
      const answer = await ask(path, headers)
      const text = await answer.text()
      expect([307, 404]).toContain(answer.status)
      expect(text).not.toMatch(/Invite somebody|Verify the chain/)
      expect(answer.headers.get('location') ?? '').not.toContain('evil.example')
    }
  })

  it.each([
    '/%6Dembers',
    '/members.rsc',
    '/members.segments/_tree.segment.rsc',
    '/./members',
    '/members?__nextParams=1',
  ])('is not opened by another spelling: %s', async (path) => {
    const { text } = await sendRaw(stage.app.url, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    expect(text).not.toMatch(/Invite somebody/)
    expect(text).toMatch(/^HTTP\/1\.1 (307|308|404)/)
  })

  it('ignores a nonce that a browser sends', async () => {
    const answer = await ask('/login', { 'content-security-policy': "script-src 'nonce-mine'", 'x-nonce': 'mine' })
    expect(answer.headers.get('content-security-policy')).not.toContain('nonce-mine')
    expect(await answer.text()).not.toContain('nonce="mine"')
  })
})

describe('a message that two servers could read differently', () => {
  it.each(['/v1/messages', '/health', '/api/requests'])('is refused when it names two hosts: %s', async (path) => {
    const message = `GET ${path} HTTP/1.1\r\nHost: one.example.com\r\nHost: two.example.com\r\n\r\n`
    expect((await sendRaw(stage.app.url, message)).statuses).toEqual([400])
  })

  it('is refused without a host', async () =>
    expect((await sendRaw(stage.app.url, 'GET /health HTTP/1.1\r\n\r\n')).statuses).toEqual([400]))
})

describe('a login', () => {
  it('takes nothing over from a cookie that was there before it', async () => {
    const answer = await ask('/api/auth/session', { cookie: 'nexus.session=planted' })
    expect(await answer.json()).toEqual({})
  })

  it('is worth nothing once it has ended', async () => {
    const { cookie = '' } = stage.headersOf('viewer')
    expect((await ask('/api/stats', { cookie })).status).toBe(200)
    await stage.database.query(
      "UPDATE user_sessions s SET ended_at = now() FROM users u WHERE u.id = user_id AND u.role = 'viewer'",
    )
    expect((await ask('/api/stats', { cookie })).status).toBe(401)
    expect((await ask('/overview', { cookie })).status).toBe(307)
  })

  it('is worth nothing once its user is deactivated', async () => {
    const { cookie = '' } = stage.headersOf('member')
    expect((await ask('/api/stats', { cookie })).status).toBe(200)
    await stage.database.query("UPDATE users SET is_active = false WHERE role = 'member'")
    expect((await ask('/api/stats', { cookie })).status).toBe(401)
  })
})

describe('an address that names nothing', () => {
  const ofPages = ['/none', '/requests/%00', '/requests?domain=a%00b', '/usage?model=%00', '/requests/%zz', '/%E0%A4%A']
  it.each(ofPages)('is answered with 404, with a login and without: %s', async (path) => {
    for (const headers of [{}, stage.headersOf('owner')]) {
      const answer = await ask(path, headers)
      expect(answer.status).toBe(404)
      expect(await answer.text()).toContain('There is no such page')
    }
  })

  it('is one of the API where logins are made, too', async () => {
    const answer = await ask('/api/auth/none')
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ code: 'not-found' })
  })
})

describe('what an answer says about a failure', () => {
  it('is no stack, no SQL and no path of the machine', async () => {
    const owner = stage.headersOf('owner')
    for (const path of [
      "/api/requests/'%20OR%201=1",
      '/api/requests?from=%00&limit=1e9',
      '/api/usage?bucket=__proto__',
      '/api/audit?cursor=constructor',
      '/api/conversations?q=%25%25%25%25',
    ]) {
      const answer = await ask(path, owner)
      expect(answer.status, path).toBeLessThan(500)
      expect(await answer.text(), path).not.toMatch(/SELECT|at .*\.(ts|js|mjs):\d+|\/node_modules\/|postgres/i)
    }
  })

  it('keeps a line of the log one line, whatever a client calls itself', async () => {
    await sendRaw(
      stage.app.url,
      'POST /v1/messages HTTP/1.1\r\nHost: localhost\r\nUser-Agent: a\\n{"level":"fatal"}\r\nContent-Length: 0\r\n\r\n',
    )
    // The last line may still be coming.
    for (const line of stage.app
      .log()
      .split('\n')
      .slice(0, -1)
      .filter((each) => each.startsWith('{')))
      expect(() => JSON.parse(line) as unknown).not.toThrow()
  })
})

it('a caller is written down by the address of the connection, whatever the caller writes', async () => {
  const form = { token: 'none', name: 'Eve', password: 'tidal-mango-hinge-42' }
  const attempt = (forwardedFor: string) =>
    fetch(`${stage.app.url}/api/invitations/accept`, {
      method: 'POST',
      headers: { origin: stage.app.url, 'content-type': 'application/json', 'x-forwarded-for': forwardedFor },
      body: JSON.stringify(form),
    })
  // The machine itself is a trusted proxy, and says that the caller at 203.0.113.9 said something else.
  const statuses: number[] = []
  for (let count = 0; count < 12; count += 1) statuses.push((await attempt(`10.9.9.${count}, 203.0.113.9`)).status)
  expect(statuses).toContain(429)
})
