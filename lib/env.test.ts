import { describe, expect, it } from 'vitest'
import { environmentSchema, parseEnvironment } from './env'

const secrets = Object.keys(environmentSchema.shape).filter(
  (name) =>
    /(SECRET|KEY|TOKEN)$/.test(name) && environmentSchema.shape[name as 'METRICS_TOKEN'].safeParse(undefined).success,
)

describe('the environment', () => {
  it.each(secrets)('refuses a short %s instead of running with it', (name) => {
    for (const short of ['x', 'changeme', '   ', 'fifteen-letters'])
      expect(() => parseEnvironment({ [name]: short })).toThrow(name)
  })

  it.each(secrets)('takes an empty %s for none: what it opens stays closed', (name) =>
    expect(parseEnvironment({ [name]: '' })).not.toHaveProperty(name),
  )

  it('refuses to let anybody on a network spend the accounts, unless that is said twice', () => {
    const open = { ENABLE_CLIENT_AUTH: 'false', HOST: '0.0.0.0' }
    expect(() => parseEnvironment(open)).toThrow(/anybody/)
    expect(parseEnvironment({ ...open, ALLOW_OPEN_PROXY: 'true' }).ENABLE_CLIENT_AUTH).toBe(false)
    expect(parseEnvironment({ ...open, HOST: '127.0.0.1' }).ENABLE_CLIENT_AUTH).toBe(false)
  })

  it('asks clients for a key when nothing is said', () => expect(parseEnvironment({}).ENABLE_CLIENT_AUTH).toBe(true))

  it('names the headers of the collector where they cannot be decoded', () => {
    const given = (text: string) => () => parseEnvironment({ OTEL_EXPORTER_OTLP_HEADERS: text })
    for (const text of ['api-key=100%', 'api-key=%FF']) expect(given(text)).toThrow('OTEL_EXPORTER_OTLP_HEADERS')
    for (const text of ['api-key=100%25,x=a=b', ' api-key = secret ']) expect(given(text)).not.toThrow()
  })

  describe('for single sign-on', () => {
    const whole = {
      OIDC_ISSUER: 'https://id.example.com/',
      OIDC_CLIENT_ID: 'nexus',
      OIDC_CLIENT_SECRET: 'x'.repeat(16),
    }

    it('is all there or not there at all', () => {
      expect(() => parseEnvironment(whole)).not.toThrow()
      for (const name of Object.keys(whole)) expect(() => parseEnvironment({ ...whole, [name]: '' })).toThrow(name)
      expect(() => parseEnvironment({ OIDC_ONLY: 'true' })).toThrow('OIDC_ISSUER')
    })

    it('makes nobody an owner or an admin by default', () => {
      for (const role of ['owner', 'admin'])
        expect(() => parseEnvironment({ ...whole, OIDC_DEFAULT_ROLE: role })).toThrow('OIDC_DEFAULT_ROLE')
    })

    it.each(['*', '.com', 'com', 'example.com;evil.test', 'a@example.com'])('takes no e-mail domain %s', (given) =>
      expect(() => parseEnvironment({ ...whole, OIDC_EMAIL_DOMAINS: given })).toThrow('OIDC_EMAIL_DOMAINS'),
    )
  })
})
