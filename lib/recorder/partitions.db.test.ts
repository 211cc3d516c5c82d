import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { firstIdAt } from '@/lib/ids'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { ensurePartitions, weekStartOf } from './partitions'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

async function partitionsOf(table: string): Promise<string[]> {
  const { rows } = await database.pool.query(
    'SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1',
    [table],
  )
  return rows.map(({ name }) => name)
}

async function withClients(count: number, work: (client: Client) => Promise<void>): Promise<void> {
  const clients = await Promise.all(
    Array.from({ length: count }, async () => {
      const client = new Client({ connectionString: database.url })
      await client.connect()
      return client
    }),
  )
  await Promise.all(clients.map(work))
  await Promise.all(clients.map((client) => client.end()))
}

test('a week begins on Monday, UTC', () => {
  expect(new Date(weekStartOf(Date.parse('2026-11-22T23:59:59.999Z'))).toISOString()).toBe('2026-11-16T00:00:00.000Z')
  expect(new Date(weekStartOf(Date.parse('2026-11-23T00:00:00.000Z'))).toISOString()).toBe('2026-11-23T00:00:00.000Z')
  expect(new Date(weekStartOf(0)).toISOString()).toBe('1969-12-29T00:00:00.000Z')
})

test('many processes at once make each week once', async () => {
  const [from, to] = [new Date('2031-01-01T00:00:00Z'), new Date('2031-01-20T00:00:00Z')]
  await withClients(6, (client) => ensurePartitions(client, from, to))
  const weeks = ['20301230', '20310106', '20310113', '20310120']
  expect((await partitionsOf('api_requests')).filter((name) => /_203/.test(name))).toEqual(
    weeks.map((week) => `api_requests_${week}`),
  )
  expect((await partitionsOf('request_bodies')).filter((name) => /_203/.test(name))).toEqual(
    weeks.map((week) => `request_bodies_${week}`),
  )
})

test('the first and the last instant of a week fall into its partition', async () => {
  const start = Date.parse('2032-02-02T00:00:00Z')
  await withClients(1, (client) => ensurePartitions(client, new Date(start), new Date(start)))
  for (const atMs of [start, start + 7 * 86_400_000 - 1]) {
    await database.pool.query(`INSERT INTO request_bodies (request_id) VALUES ($1)`, [firstIdAt(new Date(atMs))])
  }
  const { rows } = await database.pool.query('SELECT count(*)::int AS count FROM request_bodies_20320202')
  expect(rows).toEqual([{ count: 2 }])
})

test('a new partition has the indexes, checks and storage of its table', async () => {
  await withClients(1, (client) =>
    ensurePartitions(client, new Date('2033-01-03T00:00:00Z'), new Date('2033-01-03T00:00:00Z')),
  )
  const { rows: indexes } = await database.pool.query(
    `SELECT count(*)::int AS count FROM pg_indexes WHERE tablename = $1`,
    ['api_requests_20330103'],
  )
  const { rows: parent } = await database.pool.query(
    `SELECT count(*)::int AS count FROM pg_indexes WHERE tablename = 'api_requests'`,
  )
  expect(indexes).toEqual(parent)
  const { rows: storage } = await database.pool.query(
    `SELECT attstorage AS storage FROM pg_attribute WHERE attrelid = 'request_bodies_20330103'::regclass AND attname = 'recipes'`,
  )
  expect(storage).toEqual([{ storage: 'e' }])
})

test('one hour of a week, of all accounts, is found by an index', async () => {
  const start = new Date('2035-01-01T00:00:00Z')
  await withClients(1, async (client) => {
    await ensurePartitions(client, start, start)
    await client.query(
      `INSERT INTO api_requests
         (request_id, created_at, account_id, domain, method, path, kind, is_streaming, outcome, cost_confidence)
       SELECT (left($1::text, 24) || lpad(to_hex(n), 12, '0'))::uuid, $2::timestamptz + n * interval '10 seconds',
              'acc_' || n % 7, 'example.com', 'POST', '/v1/messages', 'messages', true, 'completed', 'exact'
       FROM generate_series(1, 60000) n`,
      [firstIdAt(start), start],
    )
    await client.query('VACUUM ANALYZE api_requests_20350101')
    const { rows } = await client.query(
      `EXPLAIN SELECT avg(response_time_ms) FROM api_requests WHERE created_at > '2035-01-07T22:00:00Z'`,
    )
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
    expect(plan).toMatch(/Index Scan .*api_requests_20350101_account_id_created_at_idx/)
  })
})

test('making a partition does not wait for readers, nor they for it', async () => {
  const reader = new Client({ connectionString: database.url })
  const maker = new Client({ connectionString: database.url })
  await Promise.all([reader.connect(), maker.connect()])
  await reader.query('BEGIN; SELECT count(*) FROM api_requests')
  await maker.query(`SET lock_timeout = '2s'`)
  await ensurePartitions(maker, new Date('2034-01-02T00:00:00Z'), new Date('2034-01-02T00:00:00Z'))
  await reader.query('COMMIT')
  await Promise.all([reader.end(), maker.end()])
  expect(await partitionsOf('api_requests')).toContain('api_requests_20340102')
})
