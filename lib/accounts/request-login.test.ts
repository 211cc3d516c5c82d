import { expect, it, vi } from 'vitest'
import { isLoginEnded } from './request-login'

it('an ended login is known as one in every module graph of the process', async () => {
  vi.resetModules()
  const { LoginEndedError } = await import('./request-login')
  expect(isLoginEnded(new LoginEndedError('the login was refused'))).toBe(true)
  expect(isLoginEnded(new Error('answered 500'))).toBe(false)
})
