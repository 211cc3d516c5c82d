import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (name: string) => readFileSync(`deploy/${name}`, 'utf8')

test('compose knows no secret by default: each must be given', () => {
  const used = [...read('compose.yaml').matchAll(/\$\{(\w+)([^}]*)\}/g)]
  const secrets = used.filter(([, name]) => /PASSWORD|SECRET|KEY/.test(name ?? ''))
  expect(new Set(secrets.map(([, name]) => name))).toEqual(
    new Set(['POSTGRES_PASSWORD', 'ENCRYPTION_KEY', 'NEXTAUTH_SECRET']),
  )
  for (const [, , condition] of secrets) expect(condition).toMatch(/^:\?/)
})

test('the image runs without root, checks its health and leaves by signal', () => {
  const [, final = ''] = read('Dockerfile').split(/^FROM node:20-slim$/m)
  expect(final).toMatch(/^USER node$/m)
  expect(final).toMatch(/^HEALTHCHECK /m)
  expect(final).toMatch(/^CMD \["node", "--enable-source-maps", "dist\/server.mjs"\]$/m)
})

test('no example holds a secret', () => {
  const examples = ['Dockerfile', 'compose.yaml', 'kubernetes/nexus-proxy.yaml', 'systemd/nexus-proxy.service']
  for (const name of examples)
    expect(read(name)).not.toMatch(/sk-ant-|cnp_live_|(PASSWORD|SECRET|KEY)[=:] *['"]?[\w-]{6,}/)
})
