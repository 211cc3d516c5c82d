import { describe, expect, it } from 'vitest'
import { maskJson, maskText } from './mask-secrets'

const filler = (length: number) => 'aB3dE5fG7hJ9kL1mN0pQ2rS4tU6vW8xY'.repeat(8).slice(0, length)

/** Made up, in the shapes that the finder knows. */
const secrets: Record<string, string> = {
  'a Claude key': `sk-ant-api03-${filler(80)}`,
  'a Claude OAuth token': `sk-ant-oat01-${filler(80)}`,
  'a client key of ours': `cnp_live_${filler(43)}`,
  'an OpenAI project key': `sk-proj-${filler(60)}`,
  'an old OpenAI key': `sk-${filler(48)}`,
  'a Stripe key': `sk_live_${filler(24)}`,
  'an AWS key id': 'AKIAIOSFODNN7EXAMPLE',
  'a Google key': `AIza${filler(35)}`,
  'an Azure storage key': `AccountKey=${filler(86)}==`,
  'a GitHub token': `ghp_${filler(36)}`,
  'a fine-grained GitHub token': `github_pat_${filler(82)}`,
  'a GitLab token': `glpat-${filler(20)}`,
  'an npm token': `npm_${filler(36)}`,
  'a PyPI token': `pypi-${filler(100)}`,
  'a Slack token': `xoxb-123456789012-${filler(24)}`,
  'a SendGrid key': `SG.${filler(22)}.${filler(43)}`,
  'a Hugging Face token': `hf_${filler(34)}`,
  'a JWT': `eyJ${filler(20)}.eyJ${filler(40)}.${filler(43)}`,
  'a private key': `-----BEGIN RSA PRIVATE KEY-----\n${filler(64)}\n${filler(64)}\n-----END RSA PRIVATE KEY-----`,
  'a bearer header': `Authorization: Bearer ${filler(40)}`,
  'a password in an address': `postgresql://app:${filler(16)}@db.internal:5432/app`,
  'a password of a .env file': `DB_PASSWORD=${filler(16)}`,
  'a secret of a JSON file': `{"client_secret": "${filler(32)}"}`,
  'an AWS secret': `aws_secret_access_key = ${filler(40)}`,
}
const tail = (secret: string) => secret.replace(/[^A-Za-z0-9]+$/, '').slice(-9, -1)

describe('maskText', () => {
  it.each(Object.entries(secrets))('blanks %s', (_what, secret) => {
    const masked = maskText(`before ${secret} after`)
    expect(masked).toContain('[masked]')
    expect(masked).toMatch(/^before /)
    if (!secret.startsWith('-----') && !secret.includes('@')) expect(masked).not.toContain(tail(secret))
  })

  it('leaves the key material of a private key nowhere', () =>
    expect(maskText(secrets['a private key']!)).not.toContain(filler(20)))

  it('keeps what tells which key it was', () =>
    expect(maskText(`key ${secrets['a GitHub token']} here`)).toBe('key ghp_aB3d[masked] here'))

  it.each([
    'The password must be at least 12 characters.',
    'const apiKey = process.env.ANTHROPIC_API_KEY',
    'password: ${DB_PASSWORD}',
    'api_key = getKey(name)',
    'toolu_01A09q90qw90lq917835lq9 and msg_01XFDUDYJgAACzvnptvVoYEL',
    '0192f0c1-7a4e-7c3b-9a70-7f6f5c1e2d3a',
    'sha256 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    'https://example.com/a:b/c@d',
    'import { sk } from "./sk-router"',
    'password=********',
  ])('leaves alone what is no secret: %s', (text) => expect(maskText(text)).toBe(text))

  it('stays fast on text that almost fits', () => {
    const begin = performance.now()
    for (const text of ['sk-ant-', 'eyJ.', '-eyJ', 'password=', '-----BEGIN ', 'a://b:', 'Bearer    ', 'AAAA'])
      maskText(text.repeat(200_000 / text.length))
    expect(performance.now() - begin).toBeLessThan(5_000)
  })
})

describe('maskJson', () => {
  it('looks into every text of a message and leaves the rest as it is', () => {
    const body = { model: 'm', n: 1, messages: [{ content: [{ type: 'text', text: secrets['a Claude key'] }] }] }
    expect(maskJson(body)).toEqual({
      model: 'm',
      n: 1,
      messages: [{ content: [{ type: 'text', text: 'sk-ant-a[masked]' }] }],
    })
  })

  it('blanks what stands under a name that says it, as the input of a tool does', () => {
    const input = { db_password: filler(16), apiKey: 'process.env.API_KEY', secret: 'of the old mill', password: null }
    expect(maskJson({ type: 'tool_use', input })).toEqual({
      type: 'tool_use',
      input: { ...input, db_password: '[masked]' },
    })
  })

  it('cuts what is nested so deeply that nobody could write or draw it', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000))
    const shown = JSON.stringify(maskJson({ model: 'm', metadata: { deep } }))
    expect(shown).toMatch(/^\{"model":"m","metadata":\{"deep":\[+"\[nested too deeply to be shown\]"\]+\}\}$/)
    const usual: unknown = JSON.parse('['.repeat(100) + ']'.repeat(100))
    expect(maskJson(usual)).toBe(usual)
  })

  it('hands back the very thing where there is nothing to mask', () => {
    const body = { messages: [{ role: 'user', content: 'Hello' }], at: new Date(0), none: null }
    expect(maskJson(body)).toBe(body)
  })
})
