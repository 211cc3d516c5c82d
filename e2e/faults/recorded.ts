import { Client } from 'pg'
import { expect } from 'vitest'
import { waitUntil } from '@/lib/testing/wait-until'
import { chargeOf, loadCharges } from './charges'
import type { Played } from './load'
import { sized } from './size'
import type { World } from './world'

interface Row {
  readonly id: string
  readonly outcome: string
  readonly sha256: string | null
}

/**
 * The full form holds its bar. In the other, where the thread that records gives way to all else that runs on the
 * machine, a record may take its time.
 */
export const recordedWithin = (barMs: number): number => sized(300_000, barMs)

export async function withDatabase<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function loadRows(client: Client, ids: readonly string[]): Promise<Map<string, Row>> {
  const { rows } = await client.query<Row>(
    `SELECT request_id AS id, outcome, encode(response_sha256, 'hex') AS sha256
     FROM api_requests LEFT JOIN request_bodies USING (request_id) WHERE request_id = ANY($1::uuid[])`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/**
 * Every call that was accepted has its row and the very bytes that the client read; the ledger counts the rows.
 * Answers how long it took to catch up. `wasKilled`: the tail of an answer may be missing where its row says so.
 */
export async function expectRecorded(
  url: string,
  played: readonly Played[],
  { timeoutMs = 60_000, wasKilled = false } = {},
): Promise<number> {
  const accepted = played.filter(({ status, requestId }) => status === 200 && requestId !== null)
  const ids = accepted.map(({ requestId }) => requestId ?? '')
  const startedAt = performance.now()
  return withDatabase(url, async (client) => {
    await waitUntil(async () => (await loadRows(client, ids)).size === ids.length, {
      timeoutMs: recordedWithin(timeoutMs),
      what: `the ${ids.length} records`,
    })
    const catchUpMs = performance.now() - startedAt
    const rows = await loadRows(client, ids)
    const whole = accepted.filter(({ isComplete }) => isComplete)
    const different = whole.filter(({ requestId, sha256 }) => {
      const row = rows.get(requestId ?? '')
      return row?.sha256 !== sha256 && !(wasKilled && row?.outcome === 'interrupted')
    })
    expect(different).toEqual([])
    await expectLedgerInStep(client)
    return catchUpMs
  })
}

/** What the ledger counts is what the rows say, whatever happened on the way. */
async function expectLedgerInStep(client: Client): Promise<void> {
  const { rows } = await client.query(
    `SELECT (SELECT sum(requests)::int FROM usage_hours) = (SELECT count(*)::int FROM api_requests) AS requests,
       (SELECT sum(output_tokens)::int FROM usage_hours) = (SELECT coalesce(sum(output_tokens), 0)::int FROM api_requests) AS tokens`,
  )
  expect(rows[0]).toEqual({ requests: true, tokens: true })
}

/** The tokens of every completed row are those that the upstream charged for that very call, and none is there twice. */
export async function expectCharged({ fake, postgres }: World): Promise<void> {
  const charged = new Map(fake.requests.map((exchange) => [exchange.requestId, chargeOf(exchange)]))
  await withDatabase(postgres.url(), async (client) => {
    const recorded = await loadCharges(client)
    expect(new Set(recorded.map(({ id }) => id)).size).toBe(recorded.length)
    expect(recorded).toEqual(recorded.map(({ id }) => charged.get(id)))
    await expectLedgerInStep(client)
  })
}
