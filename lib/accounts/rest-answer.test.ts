import { describe, expect, it } from 'vitest'
import { restAnswer, type Rest } from './rest-answer'

const nowMs = Date.parse('2026-11-24T00:00:00Z')
const rest = (leftMs: number, more: Partial<Rest> = {}): Rest => ({
  untilMs: nowMs + leftMs,
  cause: 'throttle',
  window: null,
  models: null,
  ...more,
})
const answer = (leftMs: number, more: Partial<Rest> = {}) => restAnswer(rest(leftMs, more), nowMs)

describe('what a client hears while every account rests', () => {
  it('is which window of the plan is used up and when it is open again, headed as Claude does it', () => {
    const reset = String((nowMs + 7_800_000) / 1000)
    expect(answer(7_800_000, { cause: 'window', window: '5h' })).toEqual({
      type: 'rate_limit_error',
      message:
        'Rate limit exceeded: the five-hour window of the plan is used up. An account is free again at 2026-11-24T02:10:00Z, in 2 h 10 min.',
      retryAfterSeconds: 7_800,
      headers: [
        ['anthropic-ratelimit-unified-status', 'rejected'],
        ['anthropic-ratelimit-unified-reset', reset],
        ['anthropic-ratelimit-unified-representative-claim', 'five_hour'],
        ['anthropic-ratelimit-unified-5h-status', 'rejected'],
        ['anthropic-ratelimit-unified-5h-reset', reset],
      ],
    })
  })

  it('is the weekly window by its name', () => {
    const { message, headers } = answer(60_000, { cause: 'window', window: '7d' })
    expect(message).toContain('the weekly window of the plan')
    expect(headers).toContainEqual(['anthropic-ratelimit-unified-representative-claim', 'seven_day'])
  })

  it('makes no claim about a window that it does not know', () => {
    expect(answer(60_000, { cause: 'window', window: '9q' })).toMatchObject({
      message: expect.stringContaining('the usage window of the plan is used up'),
      headers: [],
    })
  })

  it('is the rate of some models, without headers of a plan', () => {
    expect(answer(11_200, { models: 'claude-opus-4.x' })).toMatchObject({
      message:
        'Rate limit exceeded: too many requests or tokens a minute for claude-opus-4.x. An account is free again at 2026-11-24T00:00:12Z, in 12 s.',
      retryAfterSeconds: 12,
      headers: [],
    })
  })

  it('says of money only when it is asked for again', () => {
    expect(answer(60_000, { cause: 'quota' }).message).toContain('An account is asked again at')
  })

  it.each([
    [1, '1 s'],
    [59_001, '1 min'],
    [61_000, '2 min'],
    [3_600_000, '1 h'],
    [86_400_000 - 1, '1 d'],
    [90_000_001, '1 d 2 h'],
    [7 * 86_400_000, '7 d'],
  ])('never says less than what is left: %i ms are %s', (leftMs, words) => {
    expect(answer(leftMs).message).toMatch(new RegExp(`, in ${words}\\.$`))
  })
})
