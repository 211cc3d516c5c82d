import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { format } from 'node:util'
import { afterAll, afterEach } from 'vitest'

/**
 * Runs before every test file. Two promises: nothing of the shell or of `.env` reaches a test, and noise
 * on the console fails the test that made it (a test that expects noise spies on the console itself).
 */
const dataDir = path.join(tmpdir(), `nexus-test-${process.pid}-${randomBytes(4).toString('hex')}`)

for (const [, name] of readFileSync('.env.example', 'utf8').matchAll(/^#? ?([A-Z_]+)=/gm)) process.env[name ?? ''] = ''
Object.assign(process.env, {
  NEXUS_DATA_DIR: dataDir,
  CREDENTIALS_DIR: path.join(dataDir, 'credentials'),
  NEXTAUTH_SECRET: 'test-only-nextauth-secret-0123456789abcdef',
  ENCRYPTION_KEY: 'test-only-encryption-key-0123456789abcdef',
  NEXTAUTH_URL: 'http://localhost:3000',
  LOG_LEVEL: 'silent',
  TZ: 'UTC',
})

const noise: string[] = []
for (const method of ['error', 'warn'] as const) {
  console[method] = (...parts: unknown[]) => noise.push(`console.${method}: ${format(...parts)}`)
}
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') noise.push(`${warning.name}: ${warning.message}`)
})

afterEach(() => {
  const heard = noise.splice(0)
  if (heard.length > 0) throw new Error(`Unexpected noise:\n${heard.join('\n')}`)
})

afterAll(() => rmSync(dataDir, { recursive: true, force: true }))
