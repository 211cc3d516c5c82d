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
})
