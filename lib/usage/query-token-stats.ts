import { queryRows } from '@/lib/dashboard-query'

/** All-time figures of one domain, in the spelling of `GET /token-stats`. */
interface TokenStats {
  readonly total_requests: number
  readonly total_input_tokens: number
  readonly total_output_tokens: number
  readonly total_cache_creation_tokens: number
  readonly total_cache_read_tokens: number
  readonly request_types: Readonly<Record<string, number>>
  readonly models: Readonly<Record<string, number>>
}

type TokenStatsRow = Omit<TokenStats, 'request_types' | 'models'> & { domain: string; kind: string; model: string }

/** All-time usage by domain, from the roll-up. Calls that belong to no domain (refused strangers) are left out. */
export async function queryTokenStats(domain?: string): Promise<Record<string, TokenStats>> {
  const rows = await queryRows<TokenStatsRow>(
    `SELECT domain, kind, model, sum(requests)::float8 AS total_requests,
       sum(input_tokens)::float8 AS total_input_tokens, sum(output_tokens)::float8 AS total_output_tokens,
       sum(cache_creation_input_tokens)::float8 AS total_cache_creation_tokens,
       sum(cache_read_input_tokens)::float8 AS total_cache_read_tokens
     FROM usage_hours WHERE domain <> '' AND ($1::text IS NULL OR domain = $1) GROUP BY domain, kind, model ORDER BY domain`,
    [domain ?? null],
  )
  const domains = [...new Set(rows.map((row) => row.domain))]
  return Object.fromEntries(domains.map((name) => [name, readDomain(rows.filter((row) => row.domain === name))]))
}

function readDomain(rows: readonly TokenStatsRow[]): TokenStats {
  const total = (name: keyof Omit<TokenStats, 'request_types' | 'models'>) =>
    rows.reduce((sum, row) => sum + row[name], 0)
  return {
    total_requests: total('total_requests'),
    total_input_tokens: total('total_input_tokens'),
    total_output_tokens: total('total_output_tokens'),
    total_cache_creation_tokens: total('total_cache_creation_tokens'),
    total_cache_read_tokens: total('total_cache_read_tokens'),
    request_types: countBy(rows, (row) => row.kind),
    models: countBy(rows, (row) => row.model || 'none'),
  }
}

function countBy(rows: readonly TokenStatsRow[], nameOf: (row: TokenStatsRow) => string): Record<string, number> {
  const counts = new Map<string, number>()
  for (const row of rows) counts.set(nameOf(row), (counts.get(nameOf(row)) ?? 0) + row.total_requests)
  return Object.fromEntries(counts)
}
