import { describe, expect, it } from 'vitest'
import type { RawHeaders } from './client'
import { itRecordsEveryCall } from './records'
import { doors, useStage } from './stage'
import { bearer, messagesBody, usualHeaders } from './usual-call'
import { oauth, open, teamA } from './world'

const passing: RawHeaders = [
  ['X-Stainless-Retry-Count', '0'],
  ['User-Agent', 'claude-cli/2.1.330 (external, sdk-cli)'],
  ['X-Claude-Code-Session-Id', '0b9f5f7e-2f0c-4d57-9d38-1a53f1c0ffee'],
  ['x-claude-code-agent-id', 'a0123456789abcdef'],
  ['anthropic-workspace-id', 'wrkspc_1'],
  ['anthropic-user-profile-id', 'uprof_1'],
  ['anthropic-dangerous-direct-browser-access', 'true'],
  ['Idempotency-Key', 'stainless-node-retry-1'],
  ['Accept', 'application/json'],
  ['Accept-Language', '*'],
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  ['x-some-future-header', 'tomorrow; q=1'],
]

const kept: RawHeaders = [
  ['Connection', 'keep-alive, X-Only-For-You'],
  ['X-Only-For-You', 'hop'],
  ['Keep-Alive', 'timeout=5'],
  ['Proxy-Authorization', 'Basic c2VjcmV0'],
  ['Proxy-Connection', 'keep-alive'],
  ['TE', 'trailers'],
  ['Cookie', 'session=secret'],
  ['Forwarded', 'for=192.0.2.60'],
  ['X-Forwarded-For', '192.0.2.60'],
  ['X-Forwarded-Host', 'evil.example.com'],
  ['X-Forwarded-Proto', 'https'],
  ['X-Forwarded-Anything', 'new'],
  ['X-Real-IP', '192.0.2.60'],
  ['X-Nexus-Request-Id', 'forged'],
  ['X-Nexus-Anything', 'ours'],
]

describe.each(doors)('request headers through the %s door', (door) => {
  const stage = useStage(door)

  const forwardedWith = async (headers: RawHeaders, credential: RawHeaders = bearer(teamA.clientKey)) => {
    await stage.call({ headers, credential })
    return stage.forwarded()
  }

  it.each(passing)('passes %s on as sent', async (name, value) => {
    const exchange = await forwardedWith([...usualHeaders, [name, value]])
    expect(exchange.headerValues(name.toLowerCase())).toEqual([value])
  })

  it('asks the upstream for the codings that this door can return', async () => {
    const exchange = await forwardedWith([...usualHeaders, ['Accept-Encoding', 'gzip, deflate, br, zstd']])
    expect(exchange.headerValues('accept-encoding')).toEqual([door === 'fast' ? 'gzip, deflate, br, zstd' : 'identity'])
  })

  it.each(kept.filter(([name]) => name !== 'Connection'))('keeps %s from the upstream', async (name) => {
    const exchange = await forwardedWith([...usualHeaders, ...kept])
    expect(exchange.header(name.toLowerCase())).toBeNull()
  })

  it('names the upstream in Host, not itself', async () => {
    const exchange = await forwardedWith([...usualHeaders, ['Host', 'proxy.example.com']])
    expect(exchange.headerValues('host')).toEqual([`127.0.0.1:${stage.upstreamPort}`])
  })

  it('adds nothing but the credential and the framing', async () => {
    const exchange = await forwardedWith([...usualHeaders, ...passing])
    const names = exchange.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
    const sent = [...usualHeaders, ...passing].map(([name]) => name.toLowerCase())
    const added = ['connection', 'content-length', 'host', 'x-api-key']
    expect(names.filter((name) => !sent.includes(name)).sort()).toEqual(
      door === 'fast' ? added : ['accept-encoding', ...added],
    )
  })

  it('declares the length of the body once', async () => {
    const body = messagesBody()
    await stage.call({ body, isChunked: true })
    expect(stage.forwarded().headerValues('content-length')).toEqual([String(body.length)])
    expect(stage.forwarded().header('transfer-encoding')).toBeNull()
  })

  it.each(['2023-06-01', '2026-10-21'])('leaves anthropic-version %s alone', async (version) => {
    const exchange = await forwardedWith([['anthropic-version', version]])
    expect(exchange.headerValues('anthropic-version')).toEqual([version])
  })

  it('adds anthropic-version only where it is absent', async () => {
    const exchange = await forwardedWith([['Content-Type', 'application/json']])
    expect(exchange.headerValues('anthropic-version')).toEqual(['2023-06-01'])
  })

  it('sends anthropic-beta as it came', async () => {
    const value = 'claude-code-20250219,interleaved-thinking-2025-05-14, future-beta-2027-01-01'
    const exchange = await forwardedWith([...usualHeaders, ['anthropic-beta', value]])
    expect(exchange.headerValues('anthropic-beta')).toEqual([value])
  })

  it('keeps the values of a header that came twice, in order', async () => {
    const exchange = await forwardedWith([
      ...usualHeaders,
      ['anthropic-beta', 'one-2026'],
      ['anthropic-beta', 'two-2026'],
    ])
    expect(exchange.headerValues('anthropic-beta').join(', ')).toBe('one-2026, two-2026')
  })

  it('carries a hundred headers', async () => {
    const many = Array.from({ length: 100 }, (_, index) => [`x-many-${index}`, `value ${index}`] as const)
    const exchange = await forwardedWith([...usualHeaders, ...many])
    for (const [name, value] of many) expect(exchange.header(name)).toBe(value)
  })

  it('carries bytes above ASCII in a value unchanged', async () => {
    const exchange = await forwardedWith([...usualHeaders, ['x-note', 'caf\u00e9 \u00ff']])
    expect(exchange.header('x-note')).toBe('caf\u00e9 \u00ff')
  })

  it.each([
    ['Authorization', `Bearer ${teamA.clientKey}`],
    ['x-api-key', teamA.clientKey],
  ])('replaces a client key in %s by the key of the account', async (name, value) => {
    const exchange = await forwardedWith(usualHeaders, [[name, value]])
    expect(exchange.headerValues('x-api-key')).toEqual([teamA.accountKey])
    expect(exchange.header('authorization')).toBeNull()
    expect(exchange.rawHeaders.join('\n')).not.toContain(teamA.clientKey)
  })

  it('sends the token of an OAuth account as Bearer, with the beta it needs', async () => {
    const exchange = await forwardedWith(usualHeaders, bearer(oauth.clientKey))
    expect(exchange.headerValues('authorization')).toEqual([`Bearer ${oauth.accountKey}`])
    expect(exchange.header('x-api-key')).toBeNull()
    expect(exchange.headerValues('anthropic-beta')).toEqual(['oauth-2025-04-20'])
  })

  it.each(['a-2026,oauth-2025-04-20', 'a-2026'])(
    'lets an OAuth account have its beta exactly once beside %s',
    async (beta) => {
      const exchange = await forwardedWith([...usualHeaders, ['anthropic-beta', beta]], bearer(oauth.clientKey))
      expect(
        exchange
          .headerValues('anthropic-beta')
          .join(',')
          .split(',')
          .map((value) => value.trim()),
      ).toEqual(['a-2026', 'oauth-2025-04-20'])
    },
  )

  it.each([
    ['Authorization', 'Bearer sk-ant-api03-own-key-of-the-caller'],
    ['x-api-key', 'sk-ant-api03-own-key-of-the-caller'],
  ])("relays the caller's own Claude credential in %s where the domain allows it", async (name, value) => {
    const exchange = await forwardedWith([...usualHeaders, ['Host', open.domain]], [[name, value]])
    expect(exchange.headerValues(name.toLowerCase())).toEqual([value])
    expect(exchange.header(name === 'x-api-key' ? 'authorization' : 'x-api-key')).toBeNull()
  })

  itRecordsEveryCall(stage)
})
