import { collectParameters, queryRows } from '@/lib/dashboard-query'
import type { Series } from './forecast'
import { prepareUsageSource } from './usage-source'

/** What accounts used, in equal steps. */
interface Pace {
  cost(accountId: string): Series
  tokens(accountId: string): Series
  readonly accountIds: readonly string[]
}

interface PaceQuestion {
  /** The last step is the one that runs at this moment. */
  readonly until: Date
  readonly stepMs: number
  readonly steps: number
}

interface PaceRow {
  accountId: string
  steps: number[]
  costs: number[]
  tokens: number[]
}

/** The steps of all accounts that used anything. */
export async function queryPace({ until, stepMs, steps }: PaceQuestion): Promise<Pace> {
  const lastMs = Math.floor(until.getTime() / stepMs) * stepMs
  const fromMs = lastMs - (steps - 1) * stepMs
  const starts = Array.from({ length: steps }, (_, index) => new Date(fromMs + index * stepMs))
  const { parameters, parameter } = collectParameters()
  const source = await prepareUsageSource({ from: new Date(fromMs), to: until, starts }, parameter)
  const rows = await queryRows<PaceRow>(
    `SELECT account_id AS "accountId", array_agg(step) AS steps, array_agg(cost) AS costs, array_agg(tokens) AS tokens
     FROM (
       SELECT account_id, floor(extract(epoch FROM at - ${parameter(new Date(fromMs))}::timestamptz) / ${parameter(stepMs / 1000)})::int AS step,
         sum(cost_micro_usd)::float8 AS cost,
         sum(input_tokens + output_tokens + cache_creation_input_tokens + cache_read_input_tokens)::float8 AS tokens
       FROM ${source} WHERE account_id <> '' GROUP BY 1, 2
     ) steps GROUP BY 1`,
    parameters,
  )
  const seriesOf = (row: PaceRow | undefined, values: number[] | undefined): Series => {
    const amounts = new Array<number>(steps).fill(0)
    row?.steps.forEach((step, index) => (amounts[step] = values?.[index] ?? 0))
    return { stepMs, fromMs, amounts }
  }
  const byAccount = new Map(rows.map((row) => [row.accountId, row]))
  return {
    cost: (accountId) => seriesOf(byAccount.get(accountId), byAccount.get(accountId)?.costs),
    tokens: (accountId) => seriesOf(byAccount.get(accountId), byAccount.get(accountId)?.tokens),
    accountIds: [...byAccount.keys()],
  }
}
