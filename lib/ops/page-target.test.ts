import { describe, expect, it } from 'vitest'
import { pageTarget } from './page-target'

describe('the address that Next is asked', () => {
  it.each(['/', '/requests', '/requests?q=%25&from=-24h', '/requests?q=%zz', '/domains/%C3%A9', '/api/requests/%25'])(
    'is %s as it came',
    (target) => expect(pageTarget(target)).toBe(target),
  )

  it.each(['/requests/%00', '/requests?domain=a%00b', '/%zz', '/requests/%E0%A4%A', '/apis/%00'])(
    'is the page that is not found for %s',
    (target) => expect(pageTarget(target)).toBe('/_not-found'),
  )

  it.each(['/api/%zz', '/api/requests/%E0%A4%A?q=1'])('is the API that has no such address for %s', (target) =>
    expect(pageTarget(target)).toBe('/api'),
  )

  it('leaves U+0000 in an address of the API to its handlers, which name the field', () =>
    expect(pageTarget('/api/requests?q=%00')).toBe('/api/requests?q=%00'))
})
