import { describe, expect, it } from 'vitest'
import { base32, codeAt, findStep, stepAt, totpUri } from './totp'

const secret = Buffer.from('12345678901234567890')

describe('codes by time', () => {
  // RFC 6238, appendix B, cut to six digits.
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1111111111, '050471'],
    [1234567890, '005924'],
    [2000000000, '279037'],
    [20000000000, '353130'],
  ])('are those of the RFC at %i', (seconds, code) => expect(codeAt(secret, stepAt(seconds * 1_000))).toBe(code))

  const atMs = 1_234_567_890_000
  const find = (code: string, lastStep = 0) => findStep(secret, { code, atMs, lastStep })
  const now = stepAt(atMs)

  it('may be a step early or late, and no more', () => {
    for (const by of [-1, 0, 1]) expect(find(codeAt(secret, now + by))).toBe(now + by)
    for (const by of [-2, 2]) expect(find(codeAt(secret, now + by))).toBe(null)
  })

  it('count once', () => {
    expect(find(codeAt(secret, now), now)).toBe(null)
    expect(find(codeAt(secret, now - 1), now)).toBe(null)
    expect(find(codeAt(secret, now + 1), now)).toBe(now + 1)
  })

  it.each(['', '5924', '0005924', '005924 ', 'abcdef'])('are not %j', (code) => expect(find(code)).toBe(null))

  it('have a key that apps can read', () => {
    expect(base32(secret)).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ')
    expect(totpUri(secret, 'ada@example.com')).toBe(
      'otpauth://totp/Nexus%20Proxy:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Nexus%20Proxy',
    )
  })
})
