import { describe, expect, it } from 'vitest'
import { isSameOrigin } from './same-origin'

const publicUrl = 'https://nexus.example.com/'
const asked = (headers: Record<string, string>) => isSameOrigin(new Headers(headers), publicUrl)

describe('isSameOrigin', () => {
  it('takes a page of our own', () => {
    expect(asked({ origin: 'https://nexus.example.com', 'sec-fetch-site': 'same-origin' })).toBe(true)
    expect(asked({ origin: 'https://nexus.example.com' })).toBe(true)
  })

  it.each<Record<string, string>>([
    {},
    { origin: 'null' },
    { origin: '' },
    { origin: 'https://evil.example' },
    { origin: 'http://nexus.example.com' },
    { origin: 'https://nexus.example.com:8443' },
    { origin: 'https://nexus.example.com.evil.example' },
    { origin: 'https://evil.example', host: 'evil.example' },
    { origin: 'https://evil.example', host: 'evil.example', 'x-forwarded-host': 'nexus.example.com' },
    { origin: 'https://nexus.example.com', 'sec-fetch-site': 'cross-site' },
    { origin: 'https://nexus.example.com', 'sec-fetch-site': 'same-site' },
    { origin: 'https://nexus.example.com', 'sec-fetch-site': 'none' },
    { referer: 'https://nexus.example.com/requests' },
  ])('refuses %j', (headers) => expect(asked(headers)).toBe(false))

  it('takes the loopback host that the page itself was loaded from', () => {
    expect(asked({ origin: 'http://127.0.0.1:3000', host: '127.0.0.1:3000' })).toBe(true)
    expect(asked({ origin: 'http://[::1]:3000', host: '[::1]:3000' })).toBe(true)
  })

  it('refuses another program on the same machine', () =>
    expect(asked({ origin: 'http://127.0.0.1:8080', host: '127.0.0.1:3000' })).toBe(false))

  it('refuses a name that only begins like a loopback host', () =>
    expect(asked({ origin: 'http://localhost.evil.example', host: 'localhost.evil.example' })).toBe(false))
})
