import { afterEach, expect, it, vi } from 'vitest'
import { AppError } from './errors'
import { errorResponse } from './http'
import { log } from './log'

afterEach(() => vi.restoreAllMocks())

it('a refusal that passes says when to come back', () => {
  const error = new AppError('rate-limited', 'Too many.', { details: { retryAfterSeconds: 7 } })
  const response = errorResponse(error)
  expect(response.status).toBe(429)
  expect(response.headers.get('retry-after')).toBe('7')
})

it('other refusals do not', () =>
  expect(errorResponse(new AppError('forbidden', 'No.')).headers.has('retry-after')).toBe(false))

it('a failure of ours is logged once, with its facts and without an answer that tells', async () => {
  const heard = vi.spyOn(log(), 'error').mockReturnValue()
  const response = errorResponse(new Error('password=hunter2'), { requestId: 'r-1' })
  expect(heard.mock.calls).toHaveLength(1)
  expect(heard.mock.calls[0]?.[0]).toMatchObject({ requestId: 'r-1' })
  expect(await response.text()).not.toContain('hunter2')
})

it('a refusal is not logged as a failure', () => {
  const heard = vi.spyOn(log(), 'error').mockReturnValue()
  errorResponse(new AppError('not-found', 'There is no such thing.'))
  expect(heard).not.toHaveBeenCalled()
})
