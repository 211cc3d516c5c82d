import type { PoolClient } from 'pg'
import { ledgerCounters, requestInLedgerColumns } from '@/lib/usage/usage-source'

interface NewKind {
  readonly requestId: string
  readonly kind: string
}

/** Gives recorded requests another kind, and moves what they count for in the ledger along with them. */
export async function changeKinds(tx: PoolClient, changes: readonly NewKind[]): Promise<void> {
  if (changes.length === 0) return
  const ids = changes.map(({ requestId }) => requestId).sort()
  const range = [ids[0], ids.at(-1)]
  // Whoever prices them again meanwhile has to be done, or to wait: what is moved is what they count for now.
  await tx.query(
    `SELECT FROM api_requests WHERE request_id = ANY($1::uuid[]) AND request_id BETWEEN $2 AND $3
     ORDER BY request_id FOR UPDATE`,
    [ids, ...range],
  )
  const { rows } = await tx.query<{ hour: Date }>(moveSql, [
    changes.map(({ requestId }) => requestId),
    changes.map(({ kind }) => kind),
    ...range,
  ])
  await tx.query('DELETE FROM usage_hours WHERE hour = ANY($1::timestamptz[]) AND requests <= 0', [
    rows.map(({ hour }) => hour),
  ])
}

const counterNames = ledgerCounters.split(',').map((name) => name.trim())
const sums = counterNames.map((name) => `sum(sign * ${name})`).join(', ')
const additions = counterNames.map((name) => `${name} = total.${name} + excluded.${name}`).join(', ')

/** What leaves the old kind and what comes to the new one in one statement, in the order of the ledger's keys. */
const moveSql = `
  WITH new AS (SELECT * FROM unnest($1::uuid[], $2::text[]) AS new (request_id, new_kind)),
  was AS (
    SELECT r.created_at, new.new_kind, ${requestInLedgerColumns}
    FROM new JOIN api_requests r USING (request_id) WHERE r.request_id BETWEEN $3 AND $4
  ),
  updated AS (
    UPDATE api_requests r SET kind = new.new_kind FROM new
    WHERE r.request_id = new.request_id AND r.request_id BETWEEN $3 AND $4
  )
  INSERT INTO usage_hours AS total (hour, domain, account_id, client_key_id, model, kind, ${ledgerCounters})
  SELECT date_trunc('hour', created_at, 'UTC'), domain, account_id, client_key_id, model, moved.kind, ${sums}
  FROM was CROSS JOIN LATERAL (VALUES (-1, was.kind), (1, new_kind)) AS moved (sign, kind)
  GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (hour, domain, account_id, client_key_id, model, kind) DO UPDATE SET ${additions}
  RETURNING hour`
