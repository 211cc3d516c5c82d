import { Gauge, type Registry } from 'prom-client'
import { hotPool } from '@/lib/db'
import { log } from '@/lib/log'

interface Facts {
  readonly databaseBytes: number
  readonly windows: readonly { readonly account: string; readonly window: string; readonly utilization: number }[]
}

/** Scrapers may ask as often as they like. */
const freshForMs = 15_000

/** What only the database knows: the same from every process. Without it the gauges are absent, not old. */
export function collectDatabase(registry: Registry): void {
  const facts = makeReader()
  new Gauge({
    name: 'nexus_store_database_bytes',
    help: 'Size of the database with its indexes',
    registers: [registry],
    async collect() {
      const known = await facts()
      if (known) this.set(known.databaseBytes)
      else this.remove()
    },
  })
  new Gauge({
    name: 'nexus_account_window_utilization_ratio',
    help: 'How far a running window of an account is used up, as Claude says',
    labelNames: ['account', 'window'],
    registers: [registry],
    async collect() {
      this.reset()
      for (const { account, window, utilization } of (await facts())?.windows ?? [])
        this.set({ account, window }, utilization)
    },
  })
}

function makeReader(): () => Promise<Facts | null> {
  let readAtMs = -Infinity
  let reading: Promise<Facts | null> = Promise.resolve(null)
  return () => {
    if (performance.now() - readAtMs < freshForMs) return reading
    readAtMs = performance.now()
    return (reading = readFacts().catch((error: unknown) => {
      log().debug({ error }, 'the metrics that need the database are left out')
      return null
    }))
  }
}

async function readFacts(): Promise<Facts> {
  const sizes = await hotPool().query<{ bytes: number }>('SELECT pg_database_size(current_database())::float8 AS bytes')
  const windows = await hotPool().query<Facts['windows'][number]>(
    `SELECT account_id AS account, window_name AS "window", utilization FROM account_limits
     WHERE utilization IS NOT NULL AND (resets_at IS NULL OR resets_at > now())
       AND account_id NOT IN (SELECT account_id FROM accounts WHERE deleted_at IS NOT NULL)
     ORDER BY account_id LIMIT 1000`,
  )
  return { databaseBytes: sizes.rows[0]?.bytes ?? 0, windows: windows.rows }
}
