import { describe, expect, it } from 'vitest'
import { startApp } from '@/lib/testing/start-app'
import { start, type RawHeaders } from './client'
import { corsOrigin } from './global-setup'
import { doors, useStage } from './stage'
import { usualHeaders } from './usual-call'

const preflight = (origin: string): RawHeaders => [
  ['Origin', origin],
  ['Access-Control-Request-Method', 'POST'],
  ['Access-Control-Request-Headers', 'x-api-key, anthropic-version, content-type'],
]

function words(value: string | null): string[] {
  return (value ?? '').toLowerCase().split(/,\s*/)
}

describe.each(doors)('CORS through the %s door', (door) => {
  const stage = useStage(door)
  const targets = ['/v1/messages', '/api/stats', '/api/none']
  const ask = (target: string, origin: string) =>
    stage.call({ method: 'OPTIONS', target, credential: [], headers: preflight(origin) })

  it.each(targets)('answers a preflight of the configured origin for %s', async (target) => {
    const reply = await ask(target, corsOrigin)
    expect([reply.status, reply.body.length]).toEqual([204, 0])
    expect(reply.headerValues('access-control-allow-origin')).toEqual([corsOrigin])
    expect(words(reply.header('access-control-allow-methods'))).toEqual(['get', 'post', 'options'])
    expect(words(reply.header('access-control-allow-headers'))).toEqual(
      expect.arrayContaining(['authorization', 'x-api-key', 'anthropic-version', 'anthropic-beta', 'content-type']),
    )
    expect(reply.header('access-control-max-age')).toBe('86400')
    expect(stage.fake.requests).toEqual([])
  })

  it.each(targets)('tells a foreign origin nothing about %s', async (target) => {
    const reply = await ask(target, 'https://evil.example.com')
    expect(reply.status).toBe(204)
    expect(reply.rawHeaders.join('\n').toLowerCase()).not.toContain('access-control-')
  })

  it('lets the configured origin read an answer and its ids', async () => {
    const reply = await stage.call({ headers: [...usualHeaders, ['Origin', corsOrigin]] })
    expect(reply.headerValues('access-control-allow-origin')).toEqual([corsOrigin])
    expect(words(reply.header('access-control-expose-headers'))).toEqual(
      expect.arrayContaining(['request-id', 'x-nexus-request-id']),
    )
    expect(words(reply.headerValues('vary').join(', '))).toContain('origin')
  })

  it.each(['https://evil.example.com', 'null', `${corsOrigin}.evil.example.com`])(
    'lets %s read nothing',
    async (origin) => {
      const reply = await stage.call({ headers: [...usualHeaders, ['Origin', origin]] })
      expect(reply.header('access-control-allow-origin')).toBeNull()
    },
  )

  it('lets the configured origin read an error of ours', async () => {
    const reply = await stage.call({ credential: [], headers: [...usualHeaders, ['Origin', corsOrigin]] })
    expect([reply.status, reply.header('access-control-allow-origin')]).toEqual([401, corsOrigin])
  })

  it('never allows credentials', async () => {
    expect((await ask('/v1/messages', corsOrigin)).header('access-control-allow-credentials')).toBeNull()
  })
})

it('allows no origin at all where none is configured', async () => {
  const app = await startApp({ door: 'fast' })
  try {
    for (const target of ['/v1/messages', '/api/stats']) {
      const reply = await start(app.url, { method: 'OPTIONS', target, headers: preflight(corsOrigin) }).read()
      expect(reply.status).toBe(204)
      expect(reply.rawHeaders.join('\n').toLowerCase()).not.toContain('access-control-')
    }
  } finally {
    await app.stop()
  }
})
