import { describe, expect, it } from 'vitest'
import { itRecordsEveryCall } from './records'
import { doors, useStage } from './stage'
import { messagesBody } from './usual-call'

/** Paths that two parsers could read differently: none may reach the upstream. */
const ambiguous = [
  '//v1/messages',
  '/v1//messages',
  '/v1/messages//count_tokens',
  '/v1/../v1/messages',
  '/v1/../admin',
  '/v1/./messages',
  '/v1/messages/..',
  '/v1/messages/../../admin',
  '/v1%2fmessages',
  '/v1/messages%2Fcount_tokens',
  '/v1/%2e%2e/admin',
  '/v1/messages%00',
  '/v1\\messages',
  '/v1/..\\admin',
]

/**
 * Next reads a path before any handler does: it redirects repeated slashes and backslashes to the plain path,
 * resolves dots, and writes queries anew. None of it can reach the upstream as anything but a plain path.
 */
const resolvedByNext = (target: string) => /\/\/|\\|\/\.\.?\//.test(target)

describe.each(doors)('paths through the %s door', (door) => {
  const stage = useStage(door)

  it.each([
    '/v1/messages?beta=true',
    '/v1/messages?a=1&a=2&b=&c&&d=%20%2F%C3%A9',
    '/v1/messages?x=a+b%2Bc&y=%7B%22k%22%3A1%7D',
    "/v1/messages?q='x'&r=a|b^c",
  ])('keeps the query of %s', async (target) => {
    await stage.call({ target })
    expect(sameQuery(stage.forwarded().target)).toEqual(sameQuery(target))
  })

  it('passes every character of a query on as it came', async () => {
    const target = "/v1/messages?q='x'&r=a|b^c&&d=%20%2f+"
    await stage.call({ target })
    if (door === 'fast') expect(stage.forwarded().target).toBe(target)
    expect(sameQuery(stage.forwarded().target)).toEqual(sameQuery(target))
  })

  it.each([
    '/v1/anything/new',
    '/v1/a%20b/c%C3%A9',
    '/v1/organizations/x/api_keys?limit=5',
    '/v1/sessions/s_1/events/stream',
    '/v1/a:b@c;d,e',
  ])('forwards %s although it does not know it', async (target) => {
    const reply = await stage.call({ target, scenario: 'echo' })
    expect(reply.status).toBe(200)
    expect(stage.forwarded().target).toBe(target)
  })

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('forwards %s', async (method) => {
    const body = method === 'GET' ? null : messagesBody()
    const reply = await stage.call({ method, target: '/v1/files/file_1', body, scenario: 'echo' })
    expect(reply.status).toBe(200)
    expect(stage.forwarded().method).toBe(method)
  })

  it('forwards HEAD and answers it without a body', async () => {
    const reply = await stage.call({ method: 'HEAD', target: '/v1/models' })
    expect(stage.forwarded().method).toBe('HEAD')
    expect([reply.status, reply.body.length]).toEqual([200, 0])
  })

  it('forwards OPTIONS that is no preflight', async () => {
    await stage.call({ method: 'OPTIONS', target: '/v1/models', scenario: 'echo' })
    expect(stage.forwarded().method).toBe('OPTIONS')
  })

  it.each(ambiguous)('never forwards %s as it is', async (target) => {
    await stage.call({ target })
    for (const exchange of stage.fake.requests) expect(exchange.target).toMatch(/^\/v1(\/\w+)+$/)
  })

  it.each(door === 'fast' ? ambiguous : ambiguous.filter((target) => !resolvedByNext(target)))(
    'answers 404 to %s',
    async (target) => {
      const reply = await stage.call({ target })
      expect(reply.status).toBe(404)
      expect(stage.fake.requests).toEqual([])
    },
  )

  it('does not let an absolute target choose the host', async () => {
    await stage.call({ method: 'GET', target: 'http://elsewhere.example.com/v1/models' })
    for (const exchange of stage.fake.requests) expect(exchange.header('host')).toBe(`127.0.0.1:${stage.upstreamPort}`)
  })

  const likelyRedirected = ['/v1', '/v1/', '/v1/messages/', '/v1/models/', '/api/hello/', '/V1/messages', '//api/hello']
  it.each(door === 'fast' ? likelyRedirected : likelyRedirected.filter((target) => !resolvedByNext(target)))(
    'never redirects %s',
    async (target) => {
      const reply = await stage.call({ method: 'GET', target })
      expect(reply.status < 300 || reply.status >= 400).toBe(true)
      expect(reply.header('location')).toBeNull()
    },
  )

  it.each<[string, string]>([
    ['HEAD', '/'],
    ['HEAD', '/api/hello'],
    ['GET', '/api/hello'],
  ])('answers %s %s to anybody', async (method, target) => {
    const reply = await stage.call({ method, target, credential: [], headers: [] })
    expect(reply.status).toBe(200)
    expect(stage.fake.requests).toEqual([])
  })

  it.each(['/api/event_logging/batch', '/api/event_logging/v2/batch'])(
    'takes telemetry at %s and discards it',
    async (target) => {
      const reply = await stage.call({ target, credential: [], body: Buffer.from('{"events":[]}') })
      expect([reply.status, reply.body.toString()]).toEqual([200, '{"status":"ok"}'])
      expect(stage.fake.requests).toEqual([])
    },
  )

  const unknown = ['/api', '/api/', '/api/none', '/api/requests/a/b/c', '/api/none%2Fof%00these', '/api/none?x=%zz']
  // Next answers these with an error of its own.
  if (door === 'fast') unknown.push('/api/%zz', '/api/requests/%E0%A4%A')
  const calls = unknown.flatMap((target) =>
    ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method) => [method, target]),
  )
  it.each(calls)('answers %s %s as the API answers every error', async (method, target) => {
    const reply = await stage.call({ method, target, credential: [] })
    expect([reply.status, reply.header('content-type')]).toEqual([404, 'application/json'])
    expect(reply.header('x-nexus-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    const body = JSON.parse(reply.body.toString()) as object
    expect(body).toEqual({ error: 'Not found', message: 'The API has no such address.', code: 'not-found' })
  })

  it.each(['/messages', '/anthropic/v1/messages', '/api/v1/messages', '/V1/messages', '/chat/completions', '/v1'])(
    'tells a client whose base URL leads to %s what is wrong with it',
    async (target) => {
      const reply = await stage.call({ target })
      expect([reply.status, reply.header('content-type')]).toEqual([404, 'application/json'])
      const { error } = JSON.parse(reply.body.toString()) as { error: { type: string; message: string } }
      expect(error.type).toBe('not_found_error')
      expect(error.message).toContain('base URL')
    },
  )

  itRecordsEveryCall(stage)
})

/** Path as it is, query by its meaning. */
function sameQuery(target: string): [string, [string, string][]] {
  const [path = '', query] = target.split('?')
  return [path, [...new URLSearchParams(query)]]
}
