import { readShape } from '@/lib/http'
import { readTimeRange, readTimeZone } from '@/lib/time-range'
import { explorerSchema } from './question-schemas'
import type { ExplorerQuestion } from './query-explorer'
import { filterOf } from './usage-filter'
import { metricKinds } from './usage-metrics'

/** What the address of the usage page asks for. Filters that cannot be read are refused: silence would show too much. */
export function readExplorerQuestion(query: Readonly<Record<string, string | undefined>>, now: Date): ExplorerQuestion {
  const { metric, group, bucket, compare, ...filter } = readShape(query, explorerSchema)
  const { from, to } = readTimeRange(query, now)
  const isPossible = group !== 'tokenKind' || metric === 'tokens'
  return {
    ...{ from, to, metric, timeZone: readTimeZone(query.tz) },
    groupBy: group === 'nothing' || !isPossible ? null : group,
    bucket: bucket ?? null,
    filter: filterOf(filter),
    isCompared: compare && metricKinds[metric].isSum,
  }
}
