import { Pool } from 'pg'
import pino from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Env } from './env'
import { changeEnv } from './testing/change-env'
import { createTestDatabase, type TestDatabase } from './testing/test-database'
import { watchQueries } from './watch-queries'

interface Line {
  readonly msg: string
  readonly sql: string
}

const never = 3_600_000
const store = globalThis as Record<symbol, unknown>
const logKey = Symbol.for('nexus.log')

let database: TestDatabase
let pool: Pool
let lines: Line[]
let originalLog: unknown

beforeAll(async () => {
  database = await createTestDatabase()
  pool = new Pool({ connectionString: database.url })
  pool.on('connect', watchQueries)
})
beforeEach(() => {
  lines = []
  originalLog = store[logKey]
  store[logKey] = pino({}, { write: (line: string) => void lines.push(JSON.parse(line) as Line) })
})
afterEach(() => {
  store[logKey] = originalLog
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

async function heard(changes: Partial<Env>, sql: string, values: unknown[] = []): Promise<[string, string][]> {
  const restore = changeEnv({ DEBUG_SQL: false, SLOW_QUERY_THRESHOLD_MS: never, ...changes })
  await pool.query(sql, values).catch(() => undefined)
  restore()
  return lines.map(({ msg, sql: text }) => [msg, text])
}

it('says nothing of a statement that is quick enough', async () => {
  expect(await heard({}, 'SELECT 1')).toEqual([])
})

it('warns of a slow statement', async () => {
  const sql = 'SELECT pg_sleep(0.05)'
  expect(await heard({ SLOW_QUERY_THRESHOLD_MS: 20 }, sql)).toEqual([['a slow SQL statement', sql]])
})

it('tells every statement in one line where that is wanted, without its values', async () => {
  const told = await heard({ DEBUG_SQL: true }, 'SELECT\n  $1::text', ['what somebody wrote'])
  expect(told).toEqual([['a SQL statement', 'SELECT $1::text']])
  expect(JSON.stringify(lines)).not.toContain('what somebody wrote')
})

it('tells a statement that failed, and lets it fail', async () => {
  await heard({ DEBUG_SQL: true }, 'SELECT nothing')
  expect(lines).toMatchObject([{ msg: 'a SQL statement', error: { code: '42703' } }])
  await expect(pool.query('SELECT nothing')).rejects.toThrow('nothing')
})

it('sees statements inside a transaction too', async () => {
  const restore = changeEnv({ DEBUG_SQL: true, SLOW_QUERY_THRESHOLD_MS: never })
  const client = await pool.connect()
  for (const sql of ['BEGIN', 'SELECT 2', 'COMMIT']) await client.query(sql)
  client.release()
  restore()
  expect(lines.map(({ sql }) => sql)).toEqual(['BEGIN', 'SELECT 2', 'COMMIT'])
})
