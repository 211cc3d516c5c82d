import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { QueryConfig } from 'pg'
import { startEmbeddedPostgres } from '@/lib/postgres/embedded-postgres'
import { migrate } from '@/lib/postgres/migrate'
import type { ConversationCursor, ConversationFilter } from '../lib/conversations/conversation-filter'
import { listConversations } from '../lib/conversations/list-conversations'
import type { Reader } from '../lib/conversations/reader'
import { connectDatabase, disconnectDatabase, hotPool } from '../lib/db'
import { ensurePartitions } from '../lib/recorder/partitions'
import { chooseBucket } from '../lib/time-buckets'
import { listBudgets } from '../lib/usage/budgets'
import { queryExport } from '../lib/usage/export-usage'
import { queryExplorer, type ExplorerQuestion } from '../lib/usage/query-explorer'
import { queryOverview } from '../lib/usage/query-overview'
import { queryCurrentUsage, queryDailyUsage, queryTimeSeries } from '../lib/usage/query-token-usage'
import { queryBurners, queryHeatMap, queryTimeline } from '../lib/usage/query-window-detail'
import { queryWindows } from '../lib/usage/query-windows'
import { rebuildLedger } from '../lib/usage/rebuild-ledger'

/** `npm run bench:usage`: what the pages of figures ask of a database with a million requests, and how long it takes. */

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    days: { type: 'string', default: '30' },
    url: { type: 'string' },
  },
})
const [rows, days] = [Number(values.rows), Number(values.days)]
const barMs = 300
const rounds = 7

/** Seeding takes longer than any query of the product may. */
function patiently(text: string, given: unknown[] = []) {
  const query: QueryConfig & { query_timeout: number } = { text, values: given, query_timeout: 600_000 }
  return hotPool().query(query)
}

/**
 * Twenty domains, two hundred keys, ten accounts, six models. Traffic comes in sessions of forty calls, as it does
 * from agents: mostly one model, a title by a small one, some sub-tasks, token counts in between.
 */
async function seed(): Promise<void> {
  const began = performance.now()
  const client = await hotPool().connect()
  await client.query('SET statement_timeout = 0')
  await ensurePartitions(client, new Date(Date.now() - (days + 1) * 86_400_000), new Date())
  client.release()
  for (let part = 0; part < 20; part += 1) await patiently(seedSql, [part, rows / 20, days])
  await patiently('VACUUM ANALYZE api_requests')
  await hotPool().query(
    `INSERT INTO domains (id, name) SELECT md5('domain' || n)::uuid, 'team-' || n || '.example.com' FROM generate_series(0, 19) n`,
  )
  await hotPool().query(`INSERT INTO client_keys (id, domain_id, name, hash, prefix, last4)
    SELECT md5('key' || n)::uuid, md5('domain' || n % 20)::uuid, 'key ' || n, decode(md5('key' || n), 'hex'), 'cnp_live_', 'abcd' FROM generate_series(0, 199) n`)
  await hotPool().query(`INSERT INTO accounts (id, account_id, name, kind, sealed_secret, last4)
    SELECT md5('account' || n)::uuid, 'acc_' || n, 'Account ' || n, CASE WHEN n < 3 THEN 'oauth' ELSE 'api_key' END, '', 'abcd' FROM generate_series(0, 9) n`)
  await hotPool().query(`INSERT INTO account_limits (account_id, window_name, utilization, status, resets_at, as_of)
    SELECT 'acc_' || n, w, 0.4, 'allowed', now() + interval '2 hours', now() FROM generate_series(0, 2) n, unnest(ARRAY['5h', '7d']) w`)
  await hotPool().query(`INSERT INTO limits (id, scope, scope_id, metric, amount, is_enforced, created_by) VALUES
    (gen_random_uuid(), 'all', '', 'spend_per_month', 1000000000000, false, 'bench'),
    (gen_random_uuid(), 'domain', md5('domain0'), 'spend_per_month', 1000000000, true, 'bench')`)
  await rebuildLedger()
  await patiently(conversationsSql, [days])
  await patiently('VACUUM ANALYZE usage_hours, conversations')
  const { rows: counted } = await hotPool().query(
    'SELECT (SELECT count(*) FROM api_requests) AS requests, (SELECT count(*) FROM usage_hours) AS hours',
  )
  console.log(
    `seeded ${counted[0].requests} requests and ${counted[0].hours} ledger rows in ${((performance.now() - began) / 1000).toFixed(0)} s`,
  )
}

const seedSql = `
  INSERT INTO api_requests (request_id, created_at, domain_id, domain, account_id, client_key_id, method, path, kind, model,
    is_streaming, status, outcome, response_time_ms, first_byte_ms, input_tokens, output_tokens,
    cache_creation_input_tokens, cache_read_input_tokens, thinking_tokens, cost_micro_usd, cost_confidence, usage_json,
    stop_reason, conversation_id)
  SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid,
    at, md5('domain' || key % 20)::uuid, 'team-' || key % 20 || '.example.com', 'acc_' || key % 10, md5('key' || key)::uuid,
    'POST', '/v1/messages', CASE WHEN call = 0 THEN 'title' WHEN call % 20 = 7 THEN 'count_tokens' WHEN session % 3 = 0 AND call % 4 = 1 THEN 'subtask' ELSE 'chat' END,
    CASE WHEN call = 0 THEN 'claude-haiku-5-5' ELSE
      (ARRAY['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-sonnet-5-5', 'claude-opus-5', 'claude-fable-5-2', 'claude-x'])[1 + session % 6] END,
    true, CASE WHEN n % 50 = 0 THEN 529 ELSE 200 END, CASE WHEN n % 50 = 0 THEN 'upstream_error' ELSE 'completed' END,
    2000 + n % 60000, 500 + n % 3000, n % 3000, n % 900, n % 5000, n % 120000, n % 300,
    CASE WHEN session % 6 = 5 AND call > 0 THEN NULL ELSE 1000 + n % 90000 END,
    CASE WHEN session % 6 = 5 AND call > 0 THEN 'unpriced' ELSE 'exact' END,
    '{"input_tokens":' || n % 3000 || ',"cache_creation_input_tokens":' || n % 5000 || ',"cache_read_input_tokens":' || n % 120000
      || ',"cache_creation":{"ephemeral_5m_input_tokens":' || n % 5000 || ',"ephemeral_1h_input_tokens":0},"output_tokens":' || n % 900
      || ',"service_tier":"standard","inference_geo":"global"}',
    'end_turn', md5('conversation' || session)::uuid
  FROM (
    SELECT n, n % 1000 / 25 AS call, n % 25 + 25 * (n / 1000) AS session, (n % 25 * 8 + n / 1000 * 13) % 200 AS key,
      date_trunc('milliseconds', now() - make_interval(secs => $3::float8 * 86400 * (1 - (n::float8 / ($2::float8 * 20))))) AS at
    FROM generate_series($1::bigint * $2::bigint, ($1::bigint + 1) * $2::bigint - 1) n
  ) made`

/** As many as a team of some hundred has in a month; the works of the conversations list need no requests of theirs. */
const conversationsSql = `
  INSERT INTO conversations (conversation_id, domain_id, domain, first_request_at, last_request_at, request_count,
    cost_micro_usd, error_count, models, account_ids, context_points)
  SELECT md5('listed' || n)::uuid, md5('domain' || n % 20)::uuid, 'team-' || n % 20 || '.example.com', at - interval '1 hour', at,
    1 + n % 60, n::bigint * 7919 % 9000000, CASE WHEN n % 40 = 0 THEN 1 + n % 7 ELSE 0 END,
    ARRAY['claude-opus-5-5'], ARRAY['acc_' || n % 10], ARRAY[1000, 2000 + n % 90000]
  FROM (
    SELECT n, date_trunc('milliseconds', now() - make_interval(secs => $1::float8 * 86400 * n / 300000)) AS at
    FROM generate_series(0, 299999) n
  ) made`

type Work = readonly [name: string, ask: () => Promise<unknown>]

const everyDomain: Reader = { domains: null, sees: () => true, mayReadBodies: () => true }

/** A page of the conversations list, or the card of the overview that asks the same. */
function list(more: Partial<ConversationFilter>, cursor?: ConversationCursor): () => Promise<unknown> {
  const filter: ConversationFilter = { sort: 'recent', includeSideCalls: false, ...more }
  return () => listConversations({ filter, limit: 50, cursor, reader: everyDomain })
}

const cursorAt = (at: Date): ConversationCursor => ({
  value: String(at.getTime()),
  conversationId: 'ffffffff-ffff-7fff-bfff-ffffffffffff',
})

/** What the usage pages, the token API and the list of conversations ask for, each as heavy as it gets. */
function listWorks(now: Date): Work[] {
  const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000)
  const explore = (hours: number, more: Partial<ExplorerQuestion> = {}): ExplorerQuestion => ({
    ...{ from: ago(hours), to: now, timeZone: 'Europe/Paris', metric: 'cost', groupBy: 'model', bucket: null },
    ...{ filter: {}, isCompared: true, ...more },
  })
  const account = { accountId: 'acc_0', now }
  const burners = { accountId: 'acc_0', to: now }
  return [
    ['usage, 24 hours by model, compared', () => queryExplorer(explore(24))],
    ['usage, 7 days by domain, compared', () => queryExplorer(explore(7 * 24, { groupBy: 'domain' }))],
    ['usage, 30 days by client key, compared', () => queryExplorer(explore(30 * 24, { groupBy: 'clientKeyId' }))],
    [
      'usage, 30 days by model in Asia/Kathmandu',
      () => queryExplorer(explore(30 * 24, { timeZone: 'Asia/Kathmandu' })),
    ],
    [
      'usage, 7 days by hour in Asia/Kolkata',
      () => queryExplorer(explore(7 * 24, { timeZone: 'Asia/Kolkata', bucket: 'hour' })),
    ],
    ['usage, 400 days by week', () => queryExplorer(explore(400 * 24, { bucket: 'week' }))],
    [
      'usage, one domain, 30 days',
      () => queryExplorer(explore(30 * 24, { filter: { domain: ['team-3.example.com'] } })),
    ],
    ['usage, 6 hours by 5 minutes', () => queryExplorer(explore(6, { bucket: '5m' }))],
    ['export, 30 days by client key', () => queryExport(explore(30 * 24, { groupBy: 'clientKeyId' }))],
    ['windows, all accounts', () => queryWindows(now)],
    ['windows, timeline of an account', () => queryTimeline('acc_0', now)],
    ['windows, heat map of an account', () => queryHeatMap('acc_0', { now, timeZone: 'Asia/Kolkata' })],
    ['windows, who burns five hours', () => queryBurners({ ...burners, from: ago(5) })],
    ['windows, who burns seven days', () => queryBurners({ ...burners, from: ago(168) })],
    ['budgets', () => listBudgets(now)],
    ['token-usage/current', () => queryCurrentUsage({ ...account, windowMinutes: 300 })],
    ['token-usage/daily', () => queryDailyUsage({ ...account, days: 30, isAggregated: false, timeZone: 'UTC' })],
    ['token-usage/time-series', () => queryTimeSeries({ ...account, windowHours: 5, intervalMinutes: 5 })],
    [
      'overview, 24 hours',
      () => queryOverview({ from: ago(24), to: now, bucket: chooseBucket({ from: ago(24), to: now }, 'UTC') }),
    ],
    ['conversations, newest', list({})],
    ['conversations, newest, a page further on', list({}, cursorAt(ago(7 * 24)))],
    ['conversations, newest of a domain, 7 days', list({ domain: 'team-3.example.com', from: ago(7 * 24) })],
    ['conversations, newest of an unused model', list({ model: 'claude-opus-4-9', from: ago(30 * 24) })],
    ['conversations, most costly, 24 hours', list({ sort: 'cost', from: ago(24), to: now })],
    ['conversations, most costly, 30 days', list({ sort: 'cost', from: ago(30 * 24), to: now })],
    ['conversations, longest, 30 days', list({ sort: 'longest', from: ago(30 * 24) })],
    ['conversations, most errors, 30 days', list({ sort: 'errors', from: ago(30 * 24) })],
  ]
}

async function measureAll(): Promise<void> {
  let slow = 0
  for (const [name, ask] of listWorks(new Date())) {
    const times: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const began = performance.now()
      await ask()
      times.push(performance.now() - began)
    }
    const [first = 0] = times
    const sorted = [...times].sort((a, b) => a - b)
    const median = sorted[Math.floor(rounds / 2)] ?? 0
    if (median > barMs) slow += 1
    console.log(
      `${median > barMs ? '✗' : '✓'} ${name.padEnd(46)} median ${median.toFixed(0).padStart(5)} ms   first ${first.toFixed(0).padStart(5)} ms   worst ${(sorted.at(-1) ?? 0).toFixed(0).padStart(5)} ms`,
    )
  }
  console.log(slow === 0 ? `all within ${barMs} ms` : `${slow} above ${barMs} ms`)
  process.exitCode = slow === 0 ? 0 : 1
}

/** Of a database that is there already, e.g. a copy of a real one. */
async function measureExisting(url: string): Promise<void> {
  connectDatabase(url)
  await measureAll().finally(disconnectDatabase)
}

async function measureSeeded(): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'nexus-bench-usage-'))
  process.env.NEXUS_DATA_DIR = dataDir
  const server = await startEmbeddedPostgres({ dataDir })
  try {
    await migrate(server.url)
    connectDatabase(server.url)
    await seed()
    await measureAll()
  } finally {
    await disconnectDatabase()
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

await (values.url ? measureExisting(values.url) : measureSeeded())
