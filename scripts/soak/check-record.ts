import { Client } from 'pg'
import { loadCharges, type Charge } from '@/e2e/faults/charges'
import type { Tally } from './mixed-load'

/** What is wrong with the record of everything that was called; nothing, if all is well. */
export async function findRecordFaults(
  databaseUrl: string,
  { known, unknown }: Tally,
  charges: ReadonlyMap<string, Charge>,
): Promise<{ readonly faults: readonly string[]; readonly rows: number }> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const rows = await loadOutcomes(client)
    const missing = [...known].filter((id) => !rows.has(id))
    const others = [...rows].filter(([id]) => !known.has(id))
    const strange = others.filter(([, outcome]) => outcome !== 'client_aborted')
    const recorded = await loadCharges(client)
    const different = recorded.filter((row) => !isSame(row, charges.get(row.id)))
    const faults = [
      ...say(missing.length, 'calls have no row'),
      ...say(strange.length, 'rows belong to no call'),
      ...say(Math.max(0, others.length - unknown), 'more calls were left than there were'),
      ...say(different.length, 'rows differ from what the upstream charged'),
      ...say(recorded.length - new Set(recorded.map(({ id }) => id)).size, 'calls are there twice'),
      ...say(Number(!(await isLedgerInStep(client))), 'ledger differs from the rows'),
    ]
    return { faults, rows: rows.size }
  } finally {
    await client.end()
  }
}

const say = (count: number, what: string): string[] => (count === 0 ? [] : [`${count} ${what}`])

async function loadOutcomes(client: Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ id: string; outcome: string }>(
    'SELECT request_id AS id, outcome FROM api_requests',
  )
  return new Map(rows.map(({ id, outcome }) => [id, outcome]))
}

function isSame(row: Charge, charge: Charge | undefined): boolean {
  return (
    charge !== undefined &&
    row.input === charge.input &&
    row.output === charge.output &&
    row.cacheCreation === charge.cacheCreation &&
    row.cacheRead === charge.cacheRead
  )
}

async function isLedgerInStep(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ same: boolean }>(
    `SELECT (SELECT sum(requests) FROM usage_hours) = (SELECT count(*) FROM api_requests)
       AND (SELECT sum(output_tokens) FROM usage_hours) = (SELECT sum(output_tokens) FROM api_requests) AS same`,
  )
  return rows[0]?.same ?? false
}
