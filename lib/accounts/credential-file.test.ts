import { describe, expect, it } from 'vitest'
import { readCredentialFile } from './credential-file'

const name = 'Team-A.example.com.credentials.json'
const good = {
  type: 'api_key',
  accountId: 'acc_seed-1',
  api_key: 'sk-ant-api03-0123456789',
  client_api_key: 'cnp_live_0123456789abcdef',
}
const read = (value: unknown, isOauthAllowed = false) => readCredentialFile(name, JSON.stringify(value), isOauthAllowed)

describe('a credential file', () => {
  it('names its domain in lower case, its account, its credential and its client key', () => {
    expect(read(good)).toEqual({
      name,
      domain: 'team-a.example.com',
      accountId: 'acc_seed-1',
      secret: { kind: 'api_key', apiKey: 'sk-ant-api03-0123456789' },
      clientKey: 'cnp_live_0123456789abcdef',
    })
  })

  it('may begin with a byte order mark and have space around its keys, as editors and copying leave them', () => {
    const pasted = { ...good, api_key: ` ${good.api_key}\n`, client_api_key: `${good.client_api_key} ` }
    expect(readCredentialFile(name, `\uFEFF${JSON.stringify(pasted)}`, false)).toEqual(read(good))
  })

  it('may carry fields that we do not know', () => {
    expect(read({ ...good, slack: { enabled: true } }).accountId).toBe('acc_seed-1')
  })

  it('gets the same account id every time when it names none', () => {
    const { accountId: _, ...anonymous } = good
    expect(read(anonymous).accountId).toMatch(/^acc_[0-9A-Za-z]{20}$/)
    expect(read(anonymous).accountId).toBe(read(anonymous).accountId)
  })

  it.each([
    [{ ...good, type: 'password' }, /^type: Use "api_key" or "oauth"\.$/],
    [{ type: 'api_key' }, /^api_key: Enter the key\.$/],
    [{ ...good, client_api_key: 'short' }, /^client_api_key: Use 16 characters or more/],
    [{ ...good, client_api_key: 'sk-ant-api03-0123456789' }, /^client_api_key: Use a key of this proxy/],
    [{ ...good, accountId: 'seed' }, /^accountId: Begin with acc_/],
    [{ ...good, api_key: 'with a space and\nnew line' }, /^api_key: Enter 8 or more characters, without spaces/],
    [[], /^the file: .*expected object/],
  ])('is refused with the field named: %j', (value, message) => {
    expect(() => read(value)).toThrow(message)
  })

  it('with a stored login is refused unless the operator allows it', () => {
    const login = {
      type: 'oauth',
      oauth: {
        accessToken: 'sk-ant-oat01-abcdef',
        refreshToken: 'sk-ant-ort01-abcdef',
        expiresAt: 1,
        scopes: ['a'],
        isMax: true,
      },
    }
    expect(() => read(login)).toThrow(/ALLOW_STORED_OAUTH=true/)
    expect(read(login, true).secret).toMatchObject({ kind: 'oauth', oauth: { accessToken: 'sk-ant-oat01-abcdef' } })
  })

  it('never shows its content in an error', () => {
    const broken = `{"api_key": "sk-ant-api03-canary" oops`
    expect(() => readCredentialFile(name, broken, false)).toThrow(/^This is not valid JSON\.$/)
    expect(() => read({ ...good, api_key: 'sk-ant canary' })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('canary') }),
    )
  })

  it('needs a host name before its ending', () => {
    expect(() => readCredentialFile('not a host.credentials.json', JSON.stringify(good), false)).toThrow(
      /^the file name: Use a host name/,
    )
  })
})
