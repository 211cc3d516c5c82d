import { describe, expect, it } from 'vitest'
import { organizationOf } from '@/lib/testing/fake-claude-replies'
import { itRecordsEveryCall } from './records'
import { doors, useStage } from './stage'
import { bearer, messagesBody } from './usual-call'
import { oauth, teamA } from './world'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

describe.each(doors)('response headers through the %s door', (door) => {
  const stage = useStage(door)

  it('returns what the upstream says about request, organisation and limits', async () => {
    const reply = await stage.call()
    expect(reply.header('request-id')).toBe(stage.forwarded().requestId)
    expect(reply.header('anthropic-organization-id')).toBe(organizationOf(teamA.accountKey))
    for (const name of ['requests', 'tokens', 'input-tokens', 'output-tokens']) {
      expect(reply.header(`anthropic-ratelimit-${name}-limit`)).toBe('4000')
    }
  })

  it('returns the windows of a plan to the caller', async () => {
    const reply = await stage.call({ credential: bearer(oauth.clientKey) })
    expect(reply.header('anthropic-ratelimit-unified-5h-utilization')).toBe('0.25')
    expect(reply.header('anthropic-ratelimit-unified-representative-claim')).toBe('five_hour')
  })

  it('names each exchange with an id of its own', async () => {
    const ids = await Promise.all(
      [stage.call(), stage.call()].map(async (reply) => (await reply).headerValues('x-nexus-request-id')),
    )
    expect(ids.flat()).toHaveLength(2)
    for (const id of ids.flat()) expect(id).toMatch(uuid)
    expect(ids[0]).not.toEqual(ids[1])
  })

  it.each(['x-hop', 'proxy-authenticate'])('keeps the hop header %s of the upstream', async (name) => {
    const reply = await stage.call({ scenario: 'hop-by-hop' })
    expect(reply.header(name)).toBeNull()
  })

  it('does not return the keep-alive terms of the upstream', async () => {
    expect((await stage.call({ scenario: 'hop-by-hop' })).header('keep-alive') ?? '').not.toContain('77')
  })

  it('returns an unknown header', async () => {
    expect((await stage.call({ scenario: 'hop-by-hop' })).header('x-end-to-end')).toBe('for the client')
  })

  it('drops the cookies of the upstream', async () => {
    expect((await stage.call({ scenario: 'set-cookie' })).headerValues('set-cookie')).toEqual([])
  })

  it('tells caches and reverse proxies to leave a stream alone', async () => {
    const reply = await stage.call()
    expect(reply.headerValues('content-type')).toEqual(['text/event-stream; charset=utf-8'])
    expect(reply.headerValues('cache-control')).toEqual(['no-cache, no-transform'])
    expect(reply.headerValues('x-accel-buffering')).toEqual(['no'])
  })

  it('leaves the headers of a whole message alone', async () => {
    const reply = await stage.call({ body: messagesBody({ stream: false }) })
    expect(reply.headerValues('content-type')).toEqual(['application/json'])
    expect(reply.header('x-accel-buffering')).toBeNull()
    expect(reply.header('cache-control')).toBeNull()
  })

  it('declares the length of a whole message once, or not at all', async () => {
    const reply = await stage.call({ body: messagesBody({ stream: false }) })
    expect([[], [String(reply.body.length)]]).toContainEqual(reply.headerValues('content-length'))
  })

  it('does not advertise its framework', async () => {
    expect((await stage.call()).header('x-powered-by')).toBeNull()
  })

  it.each([200, 201, 202, 204, 304])('returns status %i without a body as it is', async (status) => {
    const reply = await stage.call({ scenario: `empty?status=${status}` })
    expect([reply.status, reply.body.length, reply.isComplete]).toEqual([status, 0, true])
  })

  itRecordsEveryCall(stage)
})
