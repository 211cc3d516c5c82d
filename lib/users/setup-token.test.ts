import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { changeEnv } from '../testing/change-env'
import { announceSetupToken, isSetupTokenValid } from './setup-token'

const token = 'a-token-for-the-setup-test'
let restore: () => void
beforeEach(() => {
  vi.useFakeTimers()
  restore = changeEnv({ SETUP_TOKEN: token })
})
afterEach(() => {
  vi.useRealTimers()
  restore()
})

describe('the setup token', () => {
  it('is not valid before it was announced', () => expect(isSetupTokenValid(token)).toBe(false))

  it('holds for an hour', () => {
    announceSetupToken()
    vi.advanceTimersByTime(3_599_000)
    expect(isSetupTokenValid(token)).toBe(true)
    vi.advanceTimersByTime(1_000)
    expect(isSetupTokenValid(token)).toBe(false)
  })

  it('is checked as a whole', () => {
    announceSetupToken()
    for (const wrong of ['', token.slice(0, -1), `${token} `, token.toUpperCase()])
      expect(isSetupTokenValid(wrong)).toBe(false)
  })

  it('is another one at every announcement unless it was given', () => {
    restore()
    restore = changeEnv({ SETUP_TOKEN: undefined })
    announceSetupToken()
    expect(isSetupTokenValid(token)).toBe(false)
  })
})
