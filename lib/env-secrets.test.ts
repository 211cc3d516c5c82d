import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { secretsOfDataDir } from './env-secrets'

let dataDir: string
const none = { NEXTAUTH_SECRET: undefined, ENCRYPTION_KEY: undefined }
const stored = () => JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8')) as Record<string, string>

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'nexus-secrets-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

test('secrets that nobody gave are made once, kept for the next start, and readable by their owner alone', () => {
  const { values, generated } = secretsOfDataDir(dataDir, none)
  expect(generated).toEqual(['NEXTAUTH_SECRET', 'ENCRYPTION_KEY'])
  expect(secretsOfDataDir(dataDir, none)).toEqual({ values, generated: [] })
  expect(stored()).toEqual(values)
  expect(statSync(path.join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600)
  expect(readdirSync(dataDir)).toEqual(['secrets.json'])
})

test('a secret that is given is used and not written down', () => {
  const { values, generated } = secretsOfDataDir(dataDir, { ...none, ENCRYPTION_KEY: 'given' })
  expect(generated).toEqual(['NEXTAUTH_SECRET'])
  expect(values).toEqual({ NEXTAUTH_SECRET: stored().NEXTAUTH_SECRET, ENCRYPTION_KEY: 'given' })
  expect(stored().ENCRYPTION_KEY).not.toBe('given')
})

test('a secret that is missing joins the one that is there', () => {
  writeFileSync(path.join(dataDir, 'secrets.json'), '{"NEXTAUTH_SECRET": "from an earlier start"}')
  const { values, generated } = secretsOfDataDir(dataDir, none)
  expect(generated).toEqual(['ENCRYPTION_KEY'])
  expect(values.NEXTAUTH_SECRET).toBe('from an earlier start')
  expect(stored()).toEqual(values)
})

test('a start that broke off between agreeing and writing is finished by the next', () => {
  const agreed = { NEXTAUTH_SECRET: 'agreed one', ENCRYPTION_KEY: 'agreed two' }
  writeFileSync(path.join(dataDir, 'secrets.json.draft'), JSON.stringify(agreed))
  expect(secretsOfDataDir(dataDir, none).values).toEqual(agreed)
  expect(readdirSync(dataDir)).toEqual(['secrets.json'])
})

test('a file that cannot be read ends the start: new secrets would open nothing', () => {
  writeFileSync(path.join(dataDir, 'secrets.json'), '{"ENCRYPTION_KEY": "torn')
  expect(() => secretsOfDataDir(dataDir, none)).toThrow('secrets.json cannot be read')
})

test.each([
  ['an empty folder', undefined],
  ['a file that lacks one', '{"NEXTAUTH_SECRET": "from an earlier start"}'],
])(
  'processes that start together on %s have the same secrets',
  async (_, before) => {
    if (before) writeFileSync(path.join(dataDir, 'secrets.json'), before)
    const fixture = path.join(import.meta.dirname, 'first-start.fixture.ts')
    const processes = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--import', 'tsx', fixture, dataDir], { stdio: ['pipe', 'pipe', 'inherit'] }),
    )
    await Promise.all(processes.map((child) => once(child.stdout, 'data')))
    const answers = processes.map((child) => text(child.stdout))
    for (const child of processes) child.stdin.end('go')
    const found = (await Promise.all(answers)).map((answer) => JSON.parse(answer) as unknown)
    expect(found).toEqual(processes.map(() => stored()))
    expect(readdirSync(dataDir)).toEqual(['secrets.json'])
  },
  60_000,
)
