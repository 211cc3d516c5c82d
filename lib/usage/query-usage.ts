import { collectParameters, queryRows } from '@/lib/dashboard-query'
import { filterSql, groupName, groupSql, type UsageFilter, type UsageGroup } from './usage-filter'
import { prepareUsageSource, type UsagePeriod } from './usage-source'
import { sumsOfSumsSql, sumsSql, type UsageSums } from './usage-sums'

export interface UsageQuestion extends UsagePeriod {
  /** Where the buckets begin, ascending, the first not after `from`. One start = one bucket for everything. */
  readonly starts: readonly Date[]
  readonly filter: UsageFilter
  /** null = everything in one group, `all`. */
  readonly groupBy: UsageGroup | null
  /** Only so many groups are told apart, those with the most of this; the rest is one more. */
  readonly top?: { readonly count: number; readonly by: keyof UsageSums | 'tokens' }
}

export interface UsageCell extends UsageSums {
  /** Index into `starts`. */
  readonly bucket: number
  /** null = the rest, beyond `top`. */
  readonly group: string | null
}

interface Usage {
  readonly cells: readonly UsageCell[]
  /** How many groups there are, told apart or not. */
  readonly groupCount: number
}

const allGroups = { count: 2_147_483_647, by: 'requests' } as const

/** The usage of a period by bucket and group, in order of time and, inside of a bucket, of the group's place. */
export async function queryUsage(question: UsageQuestion): Promise<Usage> {
  const { parameters, parameter } = collectParameters()
  const top = question.top ?? allGroups
  const source = await prepareUsageSource(question, parameter)
  const rows = await queryRows<UsageCell & { groupCount: number }>(
    `WITH cells AS MATERIALIZED (
       SELECT width_bucket(at, ${parameter(question.starts)}::timestamptz[]) - 1 AS bucket,
         ${groupSql(question.groupBy)} AS "group", ${sumsSql}
       FROM ${source} WHERE ${filterSql(question.filter, parameter)} GROUP BY 1, 2
     ), ranked AS (
       SELECT "group", row_number() OVER (ORDER BY sum(${rankSql(top.by)}) DESC, "group") AS place,
         count(*) OVER () AS groups
       FROM cells GROUP BY "group"
     )
     SELECT bucket, CASE WHEN place <= ${parameter(top.count)} THEN "group" END AS "group", ${sumsOfSumsSql},
       max(groups)::int AS "groupCount"
     FROM cells JOIN ranked USING ("group") GROUP BY 1, 2 ORDER BY 1, min(place)`,
    parameters,
  )
  return {
    cells: rows.map(({ groupCount: _groupCount, group, ...sums }) => {
      return { ...sums, group: group === null ? null : groupName(question.groupBy, group) }
    }),
    groupCount: rows[0]?.groupCount ?? 0,
  }
}

function rankSql(by: keyof UsageSums | 'tokens'): string {
  if (by !== 'tokens') return `"${by}"`
  return '"inputTokens" + "outputTokens" + "cacheCreationInputTokens" + "cacheReadInputTokens"'
}

/** What a period adds up to. */
export async function queryUsageTotal(period: Pick<UsageQuestion, 'from' | 'to' | 'filter'>): Promise<UsageSums> {
  const { parameters, parameter } = collectParameters()
  const rows = await queryRows<UsageSums>(
    `SELECT ${sumsSql} FROM ${await prepareUsageSource(period, parameter)} WHERE ${filterSql(period.filter, parameter)}`,
    parameters,
  )
  return rows[0] as UsageSums
}
