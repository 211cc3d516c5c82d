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
const stored = () => JSON.parse(readFileSync(path.join(dataDir, 'secrets.json'), 'utf8')) as unknown

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

test('a secret that is given is not written down, and one that is missing joins those that are there', () => {
  const given = secretsOfDataDir(dataDir, { ...none, ENCRYPTION_KEY: 'given' })
  expect(stored()).toEqual({ NEXTAUTH_SECRET: given.values.NEXTAUTH_SECRET })
  const later = secretsOfDataDir(dataDir, none)
  expect(later.generated).toEqual(['ENCRYPTION_KEY'])
  expect(later.values.NEXTAUTH_SECRET).toBe(given.values.NEXTAUTH_SECRET)
  expect(stored()).toEqual(later.values)
})

test('a file that cannot be read ends the start: new secrets would open nothing', () => {
  writeFileSync(path.join(dataDir, 'secrets.json'), '{"ENCRYPTION_KEY": "torn')
  expect(() => secretsOfDataDir(dataDir, none)).toThrow('secrets.json cannot be read')
})

test('processes that start together on an empty folder have the same secrets', async () => {
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
}, 60_000)
