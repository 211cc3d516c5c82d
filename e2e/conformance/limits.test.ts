import { describe, expect, it } from 'vitest'
import { waitUntil } from '@/lib/testing/wait-until'
import type { Reply } from './client'
import { itRecordsEveryCall, recordOf } from './records'
import { doors, useStage } from './stage'
import { bearer } from './usual-call'
import { capped, limited, type Tenant } from './world'

describe.each(doors)('limits of our own through the %s door', (door) => {
  const stage = useStage(door)

  /** Calls until it is refused: a new limit counts within seconds, spending as soon as it is recorded. */
  function untilRefused({ clientKey }: Tenant): Promise<Reply> {
    const ask = async () => {
      const reply = await stage.call({ credential: bearer(clientKey) })
      return reply.status === 200 ? null : reply
    }
    return waitUntil(ask, { timeoutMs: 20_000, what: 'a refusal' })
  }

  it('answers 429 and when to come again to a domain that asks too often', async () => {
    const reply = await untilRefused(limited)
    expect(reply.status).toBe(429)
    expect(JSON.parse(reply.body.toString())).toMatchObject({
      type: 'error',
      error: { type: 'rate_limit_error', message: 'Rate limit exceeded' },
      request_id: reply.header('x-nexus-request-id'),
    })
    const seconds = Number(reply.header('retry-after'))
    expect(seconds).toBeGreaterThanOrEqual(1)
    expect(seconds).toBeLessThanOrEqual(61)
    expect(reply.header('x-should-retry')).toBeNull()
  })

  it('tells Claude Code to stop when a domain has spent its money', async () => {
    const reply = await untilRefused(capped)
    expect(reply.status).toBe(429)
    expect(JSON.parse(reply.body.toString())).toMatchObject({ type: 'error', error: { type: 'billing_error' } })
    const unified = (name: string) => reply.header(`anthropic-ratelimit-unified-${name}`)
    expect(reply.header('x-should-retry')).toBe('false')
    expect(Number(reply.header('retry-after'))).toBeGreaterThan(0)
    expect([unified('status'), unified('overage-disabled-reason')]).toEqual(['rejected', 'org_spend_cap_reached'])
    expect([unified('overage-utilization'), unified('overage-surpassed-threshold')]).toEqual(['1', '1'])
    expect(Number(unified('reset'))).toBeGreaterThan(Date.now() / 1000)
    // With these two Claude Code would print words of its own instead of ours.
    expect([unified('representative-claim'), unified('overage-status')]).toEqual([null, null])
  })

  it.each([limited, capped])('asks the upstream nothing for a refused call', async (tenant) => {
    const reply = await untilRefused(tenant)
    expect(reply.header('request-id')).toBeNull()
    expect(await recordOf(stage, reply)).toMatchObject({ outcome: 'rejected', status: 429, domain: tenant.domain })
  })

  itRecordsEveryCall(stage)
})
