import { describe, expect, it } from 'vitest'
import type { Head, RawHeaders, Reply } from './client'
import { upstreamTimeoutMs } from './global-setup'
import { itRecordsEveryCall, recordOf } from './records'
import { doors, useStage } from './stage'
import { bearer, usualHeaders } from './usual-call'
import { empty, faultTenant, open, teamA } from './world'

interface Envelope {
  readonly type: string
  readonly error: { readonly type: string; readonly message: string }
  readonly request_id: string
}

function envelopeOf(reply: Reply): Envelope {
  return JSON.parse(reply.body.toString()) as Envelope
}

/** An error of our own is one envelope, whatever the case. */
function expectEnvelope(reply: Reply, error: Envelope['error']): void {
  expect(reply.header('content-type')).toBe('application/json')
  expect(envelopeOf(reply)).toEqual({ type: 'error', error, request_id: reply.header('x-nexus-request-id') })
}

const unauthorized = { type: 'authentication_error', message: 'Invalid client API key' }

describe.each(doors)('errors of our own through the %s door', (door) => {
  const stage = useStage(door)

  const strangers: [string, RawHeaders][] = [
    ['no credential', []],
    ['an unknown key', bearer('cnp_live_unknown-0123456789')],
    ['an unknown key in x-api-key', [['x-api-key', 'cnp_test_unknown-0123456789']]],
    ['an empty key', [['x-api-key', '']]],
    ['a key of another kind', bearer('sk-proj-0123456789')],
    ['another scheme', [['Authorization', `Basic ${Buffer.from(`x:${teamA.clientKey}`).toString('base64')}`]]],
    ['a key with a stray end', bearer(`${teamA.clientKey}x`)],
    ['a key of 10,000 characters', bearer(`cnp_live_${'k'.repeat(10_000)}`)],
    ['two credentials that differ', [...bearer(teamA.clientKey), ['x-api-key', open.clientKey]]],
    [
      'a credential of Claude where the domain does not allow it',
      [
        ['x-api-key', 'sk-ant-api03-own'],
        ['Host', teamA.domain],
      ],
    ],
    [
      'a credential of Claude for a domain that does not exist',
      [
        ['x-api-key', 'sk-ant-api03-own'],
        ['Host', 'nobody.example.com'],
      ],
    ],
  ]

  it.each(strangers)('answers 401 to %s', async (_name, credential) => {
    const reply = await stage.call({ credential })
    expect(reply.status).toBe(401)
    expectEnvelope(reply, unauthorized)
    expect(reply.header('www-authenticate')).toBe('Bearer')
    expect(reply.header('x-should-retry')).toBe('false')
    expect(stage.fake.requests).toEqual([])
  })

  it('answers a plain curl with exactly the words it has always had', async () => {
    const reply = await stage.call({
      credential: bearer('cnp_live_wrong-0123456789'),
      headers: [['Content-Type', 'application/json']],
    })
    expect(reply.status).toBe(401)
    expect(reply.body.toString()).toBe('{"error":"Unauthorized","message":"Invalid client API key"}')
    expect(reply.header('www-authenticate')).toBe('Bearer')
  })

  it('takes the same key in both headers', async () => {
    const reply = await stage.call({ credential: [...bearer(teamA.clientKey), ['x-api-key', teamA.clientKey]] })
    expect(reply.status).toBe(200)
  })

  it('does not let a stranger tell a domain that exists from one that does not', async () => {
    const answerFor = async (host: string) => {
      const reply = await stage.call({
        credential: bearer('cnp_live_wrong-0123456789'),
        headers: [...usualHeaders, ['Host', host]],
      })
      return reply.body.toString().replace(envelopeOf(reply).request_id, 'id')
    }
    expect(await answerFor(teamA.domain)).toBe(await answerFor('nobody.example.com'))
  })

  it('names the domain to its own caller when it has no usable account', async () => {
    const reply = await stage.call({ credential: bearer(empty.clientKey) })
    expect(reply.status).toBe(503)
    expect(envelopeOf(reply).error.type).toBe('api_error')
    expect(envelopeOf(reply).error.message).toContain(empty.domain)
    expect(reply.header('x-should-retry')).toBe('false')
    expect(await recordOf(stage, reply)).toMatchObject({
      outcome: 'rejected',
      status: 503,
      domain: empty.domain,
      error_type: 'api_error',
    })
  })

  it('answers 413 in the envelope', async () => {
    const headers = [...usualHeaders, ['Content-Length', '40000000'] as const]
    const pending = stage.start({ isBodyLater: true, body: null, headers })
    const reply = await pending.read()
    expect(reply.status).toBe(413)
    expect(envelopeOf(reply).error.type).toBe('request_too_large')
    expect(reply.header('x-should-retry')).toBe('false')
    pending.abort()
    expect(await recordOf(stage, reply)).toMatchObject({
      outcome: 'rejected',
      status: 413,
      error_type: 'request_too_large',
    })
  })

  it('answers 504 with the configured number when the upstream says nothing', async () => {
    const began = performance.now()
    const reply = await stage.call({ credential: bearer(faultTenant('silent').clientKey), scenario: 'silent' })
    const tookMs = performance.now() - began
    expect(reply.status).toBe(504)
    expectEnvelope(reply, { type: 'timeout_error', message: `Request timed out after ${upstreamTimeoutMs}ms` })
    expect(tookMs).toBeGreaterThan(upstreamTimeoutMs - 50)
    expect(tookMs).toBeLessThan(upstreamTimeoutMs * 5)
    await stage.fake.waitFor((exchange) => exchange.aborted)
    expect(await recordOf(stage, reply)).toMatchObject({ outcome: 'timeout', status: 504, error_type: 'timeout_error' })
  })

  it('answers 502 when the upstream cannot be reached', async () => {
    const reply = await stage.withoutUpstream(() =>
      stage.call({ credential: bearer(faultTenant('refused').clientKey) }),
    )
    expect(reply.status).toBe(502)
    expect(envelopeOf(reply).error.type).toBe('api_error')
    expect(await recordOf(stage, reply)).toMatchObject({
      outcome: 'upstream_error',
      status: 502,
      error_type: 'api_error',
    })
  })

  it('answers 502 when the upstream breaks off before its first byte', async () => {
    const reply = await stage.call({
      credential: bearer(faultTenant('reset').clientKey),
      scenario: 'reset-before-headers',
    })
    expect(reply.status).toBe(502)
    expect(envelopeOf(reply).error.type).toBe('api_error')
    expect(stage.fake.requests).toHaveLength(1)
  })

  it('never says a secret in an error', async () => {
    const replies: (Head & { body: Buffer })[] = await Promise.all([
      stage.call({ credential: bearer('cnp_live_wrong-secret-0123456789') }),
      stage.call({ credential: bearer(empty.clientKey) }),
    ])
    for (const reply of replies) {
      const text = reply.rawHeaders.join('\n') + reply.body.toString()
      expect(text).not.toMatch(/cnp_live_|sk-ant-/)
    }
  })

  itRecordsEveryCall(stage)
})
