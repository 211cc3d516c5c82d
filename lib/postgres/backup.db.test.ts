import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { newId } from '@/lib/ids'
import { waitUntil } from '@/lib/testing/wait-until'
import { backUp } from './backup'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './embedded-postgres'
import { migrate } from './migrate'

// Each copy starts a PostgreSQL of its own.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })

const home = mkdtempSync(path.join(tmpdir(), 'nexus-backup-'))
const dataDir = path.join(home, 'data')
let postgres: EmbeddedPostgres
let client: Client

beforeAll(async () => {
  postgres = await startEmbeddedPostgres({ dataDir })
  await migrate(postgres.url)
  client = new Client({ connectionString: postgres.url })
  await client.connect()
  await client.query(`CREATE TABLE written (at int PRIMARY KEY, filler text)`)
})
afterAll(async () => {
  await client?.end()
  await postgres?.stop()
  rmSync(home, { recursive: true })
})

const target = () => path.join(home, newId())
const backUpTo = (to: string, keep: number | null = null) =>
  backUp({ dataDir, credentialsDir: path.join(home, 'credentials'), settingsFile: path.join(home, '.env'), to, keep })

/** Asks a copy as the server would that is started on it. */
async function askCopy(folder: string, sql: string): Promise<unknown> {
  const copy = await startEmbeddedPostgres({ dataDir: path.join(folder, 'data') })
  const asking = new Client({ connectionString: copy.url })
  await asking.connect()
  const { rows } = await asking.query<Record<string, unknown>>(sql)
  await asking.end()
  await copy.stop()
  return rows[0] && Object.values(rows[0])[0]
}

test('a copy made under load starts, and has everything that was committed before', async () => {
  let last = 0
  let isOver = false
  const write = async () => {
    while (!isOver) {
      await client.query(
        `INSERT INTO written SELECT $1, string_agg(md5(n::text), '') FROM generate_series(1, 2000) n`,
        [last + 1],
      )
      last += 1
    }
  }
  const writing = write()
  await waitUntil(() => last >= 20, { timeoutMs: 60_000, what: 'the first rows' })
  const before = last
  const { folder } = await backUpTo(target()).finally(() => (isOver = true))
  await writing
  expect(last).toBeGreaterThan(before)
  expect(Number(await askCopy(folder, 'SELECT max(at) FROM written'))).toBeGreaterThanOrEqual(before)
  expect(await askCopy(folder, 'SELECT bool_and(length(filler) = 64000) AND count(*) = max(at) FROM written')).toBe(
    true,
  )
})

test('a copy holds what belongs to the database, for its owner alone, and no lock of the journal', async () => {
  mkdirSync(path.join(dataDir, 'journal', 'one'), { recursive: true })
  mkdirSync(path.join(home, 'credentials'))
  for (const [file, text] of [
    ['data/journal/one/lock', '{}'],
    ['data/journal/one/1.seg', 'frames'],
    ['data/secrets.json', '{}'],
    ['credentials/a.example.com.credentials.json', '{}'],
    ['.env', 'PORT=1'],
  ])
    writeFileSync(path.join(home, file ?? ''), text ?? '')
  const { folder } = await backUpTo(target())
  expect(statSync(folder).mode & 0o077).toBe(0)
  expect(readdirSync(folder).sort()).toEqual(['.env', 'credentials', 'data'])
  expect(readdirSync(path.join(folder, 'data')).sort()).toEqual(['journal', 'postgres', 'secrets.json'])
  expect(readdirSync(path.join(folder, 'data', 'journal', 'one'))).toEqual(['1.seg'])
  expect(existsSync(path.join(folder, 'data', 'postgres', 'cluster', 'postmaster.pid'))).toBe(false)
})

test('old copies go when there are more than are kept', async () => {
  const to = target()
  const first = await backUpTo(to, 2)
  const second = await backUpTo(to, 2)
  const third = await backUpTo(to, 2)
  expect(third.removed).toEqual([path.basename(first.folder)])
  expect(readdirSync(to).sort()).toEqual([second, third].map(({ folder }) => path.basename(folder)).sort())
})

test('a copy that cannot be made leaves nothing that looks like one', async () => {
  const to = target()
  await client.query('ALTER TABLE api_requests RENAME TO api_requests_away')
  await expect(backUpTo(to)).rejects.toThrow('api_requests')
  await client.query('ALTER TABLE api_requests_away RENAME TO api_requests')
  expect(readdirSync(to)).toEqual([])
})
