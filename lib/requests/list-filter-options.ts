import { queryRows } from '@/lib/dashboard-query'

/** A value that requests of a period have, and how many. */
interface FilterOption {
  readonly value: string
  readonly label: string
  readonly requests: number
}

export interface FilterOptions {
  readonly domain: readonly FilterOption[]
  readonly model: readonly FilterOption[]
  readonly kind: readonly FilterOption[]
  readonly accountId: readonly FilterOption[]
  readonly clientKeyId: readonly FilterOption[]
}

interface OptionRow extends FilterOption {
  readonly field: keyof FilterOptions
}

interface OptionsPeriod {
  readonly from: Date
  readonly to: Date
  /** Only these domains; null = all. */
  readonly domains?: readonly string[] | null
}

/** Of each field; of a larger installation the busiest ones. */
const mostOfAField = 1_000

/** What one can filter by, most requests first; from the roll-up, so by whole hours. */
export async function listFilterOptions({ from, to, domains = null }: OptionsPeriod): Promise<FilterOptions> {
  const rows = await queryRows<OptionRow>(
    `WITH options AS (
       SELECT CASE WHEN GROUPING(domain) = 0 THEN 'domain' WHEN GROUPING(model) = 0 THEN 'model' WHEN GROUPING(kind) = 0 THEN 'kind'
           WHEN GROUPING(account_id) = 0 THEN 'accountId' ELSE 'clientKeyId' END AS field,
         coalesce(domain, model, kind, account_id, client_key_id::text) AS value, client_key_id, sum(requests)::float8 AS requests
       FROM usage_hours WHERE hour >= date_trunc('hour', $1::timestamptz) AND hour < $2
         AND ($3::text[] IS NULL OR domain = ANY($3))
       GROUP BY GROUPING SETS ((domain), (model), (kind), (account_id), (client_key_id)))
     SELECT field, value, coalesce(k.name || ' …' || k.last4, nullif(a.name, ''), value) AS label, requests
     FROM (
       SELECT *, row_number() OVER (PARTITION BY field ORDER BY requests DESC, value) AS place FROM options
       WHERE value NOT IN ('', '00000000-0000-0000-0000-000000000000')
     ) AS placed LEFT JOIN client_keys k ON k.id = placed.client_key_id
       LEFT JOIN accounts a ON placed.field = 'accountId' AND a.account_id = placed.value
     WHERE place <= ${mostOfAField} ORDER BY requests DESC, value`,
    [from, to, domains],
  )
  const of = (field: keyof FilterOptions) =>
    rows.filter((row) => row.field === field).map(({ value, label, requests }) => ({ value, label, requests }))
  return {
    domain: of('domain'),
    model: of('model'),
    kind: of('kind'),
    accountId: of('accountId'),
    clientKeyId: of('clientKeyId'),
  }
}
