import { describe, expect, it } from 'vitest'
import type { RawHeaders, Reply } from './client'
import { corsOrigin, dashboardKey } from './global-setup'
import { doors, useStage } from './stage'

const asScript: RawHeaders = [['x-dashboard-key', dashboardKey]]

function words(value: string | null): string[] {
  return (value ?? '').split(/,\s*/).sort()
}

const readErrorOf = (reply: Reply) => JSON.parse(reply.body.toString()) as Record<string, unknown>

// What is not of the Claude API.
describe.each(doors)('other paths through the %s door', (door) => {
  const stage = useStage(door)
  const ask = (method: string, target: string, headers: RawHeaders = []) =>
    stage.call({ method, target, headers, credential: asScript, body: null })

  it.each([
    ['DELETE', '/api/requests', ['GET', 'HEAD', 'OPTIONS']],
    ['PUT', '/api/accounts/acc_1', ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH']],
    ['GET', '/api/retention/sweeps', ['OPTIONS', 'POST']],
    ['GET', '/api/retention/0199d4a5-0000-7000-8000-000000000000', ['OPTIONS', 'PATCH']],
    ['POST', '/health/ready', ['GET', 'HEAD', 'OPTIONS']],
    ['POST', '/metrics', ['GET', 'HEAD', 'OPTIONS']],
    ['PROPFIND', '/api/stats', ['GET', 'HEAD', 'OPTIONS']],
  ])('%s %s is refused in words, with the methods that the address takes', async (method, target, allowed) => {
    const reply = await ask(method, target)
    expect([reply.status, reply.header('content-type')]).toEqual([405, 'application/json'])
    expect(words(reply.header('allow'))).toEqual(allowed)
    expect(reply.header('x-nexus-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(readErrorOf(reply)).toMatchObject({
      error: 'Method not allowed',
      code: 'method-not-allowed',
      message: expect.stringContaining(`not ${method}`),
      details: { allowed: expect.arrayContaining(allowed) },
    })
  })

  it('HEAD answers as GET does, without a body', async () => {
    const [head, get] = [await ask('HEAD', '/api/stats'), await ask('GET', '/api/stats')]
    expect([head.status, head.body.length]).toEqual([200, 0])
    expect(head.header('content-type')).toBe(get.header('content-type'))
    expect((await ask('HEAD', '/api/none')).status).toBe(404)
  })

  it('OPTIONS tells the methods of an address', async () => {
    const reply = await ask('OPTIONS', '/api/views')
    expect([reply.status, reply.body.length]).toEqual([204, 0])
    expect(words(reply.header('allow'))).toEqual(['GET', 'HEAD', 'OPTIONS', 'POST'])
  })

  it('a page of the configured origin may read answers and refusals of the API', async () => {
    for (const method of ['GET', 'DELETE']) {
      const reply = await ask(method, '/api/stats', [['Origin', corsOrigin]])
      expect(reply.headerValues('access-control-allow-origin')).toEqual([corsOrigin])
    }
  })

  it('a page of another origin may read nothing of the API', async () => {
    for (const method of ['GET', 'DELETE']) {
      const reply = await ask(method, '/api/stats', [['Origin', 'https://evil.example.com']])
      expect(reply.rawHeaders.join('\n').toLowerCase()).not.toContain('access-control-')
    }
  })

  it('no header of an answer comes twice', async () => {
    for (const target of ['/login', '/api/stats', '/api/none', '/health']) {
      const { rawHeaders } = await ask('GET', target, [['Origin', corsOrigin]])
      const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase())
      const often = names.filter((name, at) => names.indexOf(name) !== at)
      // A list, which may be spread over several lines.
      expect(often.filter((name) => name !== 'vary' && name !== 'set-cookie')).toEqual([])
    }
  })
})
