import { describe, expect, it } from 'vitest'
import { itRecordsEveryCall, recordOf } from './records'
import { doors, useStage } from './stage'
import { bearer, messagesBody } from './usual-call'
import { faultTenant, oneModel, plan, usedUp } from './world'

const statuses = [400, 401, 402, 403, 404, 409, 413, 429, 500, 503, 504, 529]

describe.each(doors)('upstream errors through the %s door', (door) => {
  const stage = useStage(door)
  const keyFor = (status: number) => bearer(faultTenant(`status-${status}`).clientKey)

  it.each(statuses)('relays an upstream %i with its status, body and headers', async (status) => {
    const scenario = `error?status=${status}&retry-after=0&x-should-retry=true&message=prompt is too long: 9 tokens > 8 maximum`
    const reply = await stage.call({ credential: keyFor(status), scenario })
    const { response, requestId } = stage.forwarded()
    expect(reply.status).toBe(status)
    expect(reply.sha256).toBe(response.sha256)
    expect(reply.headerValues('request-id')).toEqual([requestId])
    expect(reply.headerValues('retry-after')).toEqual(['0'])
    expect(reply.headerValues('x-should-retry')).toEqual(['true'])
    expect(reply.headerValues('content-type')).toEqual(['application/json'])
    expect(reply.header('anthropic-ratelimit-requests-limit')).toBe('4000')
  })

  it('relays the HTML of a gateway on the way', async () => {
    const reply = await stage.call({ credential: keyFor(502), scenario: 'html-502' })
    expect([reply.status, reply.header('content-type')]).toEqual([502, 'text/html'])
    expect(reply.sha256).toBe(stage.forwarded().response.sha256)
  })

  it('relays an error to a call without streaming', async () => {
    const reply = await stage.call({
      credential: keyFor(400),
      scenario: 'error?status=400',
      body: messagesBody({ stream: false }),
    })
    expect(reply.sha256).toBe(stage.forwarded().response.sha256)
  })

  it("asks the upstream once: retrying is the client's", async () => {
    await stage.call({ credential: keyFor(400), scenario: 'error?status=400' })
    await stage.call({ credential: keyFor(403), scenario: 'error?status=403' })
    expect(stage.fake.requests).toHaveLength(2)
  })

  it('goes on with other models where the weekly window of one is used up', async () => {
    const ask = (model: string, scenario: string) =>
      stage.call({ credential: bearer(plan.clientKey), scenario, body: messagesBody({ model, stream: false }) })
    const refused = await ask('claude-opus-5-5', 'error?status=429&retry-after=86400&rejected=7d_opus')
    expect(refused.status).toBe(429)
    expect(refused.sha256).toBe(stage.forwarded().response.sha256)
    const answered = await ask('claude-sonnet-5-5', 'text')
    expect(answered.status).toBe(200)
    const refusedAgain = await ask('claude-opus-5-5', 'error?status=429&retry-after=86400&rejected=7d_opus')
    expect(refusedAgain.header('anthropic-ratelimit-unified-7d_opus-status')).toBe('rejected')
    expect(stage.fake.requests).toHaveLength(3)
  })

  it('says in words of Claude Code which window is used up and until when, without asking the upstream again', async () => {
    const scenario = 'error?status=429&retry-after=86400&rejected=5h'
    await stage.call({ credential: bearer(usedUp.clientKey), scenario })
    stage.fake.reset()
    const reply = await stage.call({ credential: bearer(usedUp.clientKey) })
    expect(stage.fake.requests).toEqual([])
    expect(reply.status).toBe(429)
    const body = JSON.parse(reply.body.toString()) as { error: { type: string; message: string } }
    expect(body.error.type).toBe('rate_limit_error')
    // A day, give or take the second that both clocks round to; the words never say less than what is left.
    expect(body.error.message).toMatch(
      /^Rate limit exceeded: the five-hour window of the plan is used up\. An account is free again at 20\d\d-\S+Z, in (1 d|1 d 1 h|23 h \d+ min)\.$/,
    )
    expect(body.error.message).not.toContain(usedUp.accountId)
    const unified = (name: string) => reply.header(`anthropic-ratelimit-unified-${name}`)
    expect([unified('status'), unified('representative-claim'), unified('5h-status')]).toEqual([
      'rejected',
      'five_hour',
      'rejected',
    ])
    expect(Number(unified('reset')) - Date.now() / 1000).toBeGreaterThan(80_000)
    // More than a minute: Claude Code stops and says so instead of waiting.
    expect(Number(reply.header('retry-after'))).toBeGreaterThan(80_000)
  })

  it('goes on with other models where an API key has no tokens left for one', async () => {
    const ask = (model: string, scenario = 'text') =>
      stage.call({ credential: bearer(oneModel.clientKey), scenario, body: messagesBody({ model, stream: false }) })
    await ask('claude-opus-4-8', 'error?status=429&retry-after=900&used-up=input-tokens')
    expect((await ask('claude-haiku-5-5')).status).toBe(200)
    const asked = stage.fake.requests.length
    const refused = await ask('claude-opus-4-6')
    expect([refused.status, stage.fake.requests.length]).toEqual([429, asked])
    expect(refused.body.toString()).toContain('too many requests or tokens a minute for claude-opus-4.x')
    expect(refused.header('anthropic-ratelimit-unified-status')).toBeNull()
  })

  it('records the type of an upstream error', async () => {
    const reply = await stage.call({ credential: keyFor(413), scenario: 'error?status=413&type=request_too_large' })
    expect(await recordOf(stage, reply)).toMatchObject({
      outcome: 'upstream_error',
      status: 413,
      error_type: 'request_too_large',
    })
  })

  it('records the type of an error that came in the middle of a stream', async () => {
    const reply = await stage.call({ credential: keyFor(409), scenario: 'error-mid-stream' })
    expect(await recordOf(stage, reply)).toMatchObject({ status: 200, error_type: 'overloaded_error' })
  })

  itRecordsEveryCall(stage)
})
