import { readFileSync } from 'node:fs'
import { Registry } from 'prom-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hotPool } from '@/lib/db'
import { newId } from '@/lib/ids'
import { aRecordedRow } from '@/lib/testing/recorded-row'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { metrics } from './metrics'
import { collectDatabase } from './metrics-database'
import { collectRuntime } from './metrics-gauges'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  collectRuntime(metrics().registry)
  collectDatabase(metrics().registry)
})
afterAll(() => database.drop())

/** Of a call with a valid key. */
const known = { domainId: newId() }

/** Lines of the answer that say something of a metric. */
const linesOf = async (name: string, registry = metrics().registry) =>
  (await registry.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))

describe('the metrics', () => {
  it('count a recorded request with its tokens, dollars and bytes', async () => {
    metrics().noteRecorded([
      aRecordedRow({ ...known, domain: 'counted.example.com', requestBytes: 900, responseBytes: 100 }),
    ])
    const lines = await linesOf('nexus_store_logical_bytes_total')
    expect(lines).toContain('nexus_store_logical_bytes_total{domain="counted.example.com",side="request"} 900')
    expect(await linesOf('nexus_requests_total')).toEqual([expect.stringMatching(/counted\.example\.com.* 1$/)])
    for (const name of ['nexus_tokens_total', 'nexus_cost_usd_total'])
      expect((await linesOf(name)).length).toBeGreaterThan(0)
  })

  it('have no label that somebody else can make up', async () => {
    metrics().noteRecorded([
      aRecordedRow({ domain: 'stranger.example.com', domainId: null }),
      aRecordedRow({ ...known, model: 'made-up-model', outcome: 'upstream_error', errorType: 'made_up_error' }),
    ])
    const text = await metrics().registry.metrics()
    expect(text).not.toMatch(/stranger|made-up|made_up/)
    expect(text).toContain('nexus_upstream_errors_total{type="other"} 1')
  })

  it('tell what each thread has in memory, and of no thread that there is not', async () => {
    const lines = await linesOf('nexus_thread_memory_bytes')
    expect(lines).toEqual(
      ['heap', 'external'].map((kind) =>
        expect.stringMatching(new RegExp(`^nexus_thread_memory_bytes{thread="main",kind="${kind}"} [1-9][0-9]*$`)),
      ),
    )
  })

  it('tell how many recorded bodies came back as they passed, from the first moment on', async () => {
    expect(await linesOf('nexus_rebuild_checks_total')).toEqual([
      'nexus_rebuild_checks_total{result="same"} 0',
      'nexus_rebuild_checks_total{result="different"} 0',
    ])
  })

  it('tell how far the windows of accounts that are there are used up, and nothing of them without the database', async () => {
    await hotPool().query(
      `INSERT INTO account_limits (account_id, window_name, utilization, resets_at, as_of) VALUES ('acc_a', '5h', 0.75, now() + interval '1 hour', now())`,
    )
    await hotPool().query(
      `INSERT INTO accounts (id, account_id, name, kind, sealed_secret, last4, deleted_at)
       VALUES (gen_random_uuid(), 'acc_removed', 'Removed', 'api_key', '', '0000', now())`,
    )
    await hotPool().query(
      `INSERT INTO account_limits (account_id, window_name, utilization, resets_at, as_of) VALUES ('acc_removed', '5h', 1, now() + interval '1 hour', now())`,
    )
    const registry = new Registry()
    collectDatabase(registry)
    const name = 'nexus_account_window_utilization_ratio'
    expect(await linesOf(name, registry)).toEqual([`${name}{account="acc_a",window="5h"} 0.75`])
    expect(await linesOf('nexus_store_database_bytes', registry)).toHaveLength(1)
    const broken = new Registry()
    collectDatabase(broken)
    await hotPool().query('ALTER TABLE account_limits RENAME TO account_limits_away')
    const left = await broken.metrics()
    await hotPool().query('ALTER TABLE account_limits_away RENAME TO account_limits')
    expect(left).not.toMatch(/^nexus_(store|account).* \d/m)
  })
})

describe('the dashboard for Grafana', () => {
  it('asks only for metrics that there are', async () => {
    const text = readFileSync('deploy/grafana/nexus-proxy.json', 'utf8')
    const expressions = [...text.matchAll(/"expr": "((?:[^"\\]|\\.)*)"/g)].map(([, expression]) => expression ?? '')
    const asked = expressions.flatMap((expression) => expression.match(/\b(nexus|process|nodejs)_[a-z0-9_]+/g) ?? [])
    const names = metrics()
      .registry.getMetricsAsArray()
      .map(({ name }) => name)
    const isThere = (name: string) => names.includes(name) || names.includes(name.replace(/_(bucket|sum|count)$/, ''))
    expect(expressions.length).toBeGreaterThan(10)
    expect(asked.filter((name) => !isThere(name))).toEqual([])
  })
})
