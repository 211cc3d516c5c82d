'use client'

import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs'
import { useMemo } from 'react'
import { bucketNames } from '@/lib/usage/usage-buckets'
import { usageGroups, type UsageGroup } from '@/lib/usage/usage-filter'
import { usageMetrics } from '@/lib/usage/usage-metrics'
import { usageQueryOf } from './usage-query'

export const groupChoices = [...usageGroups, 'tokenKind', 'nothing'] as const
export type GroupChoice = (typeof groupChoices)[number]

const parsers = {
  from: parseAsString,
  to: parseAsString,
  tz: parseAsString,
  metric: parseAsStringLiteral(usageMetrics).withDefault('cost'),
  group: parseAsStringLiteral(groupChoices).withDefault('model'),
  bucket: parseAsStringLiteral(bucketNames),
  compare: parseAsBoolean.withDefault(false),
  cumulative: parseAsBoolean.withDefault(false),
  domain: parseAsString,
  accountId: parseAsString,
  clientKeyId: parseAsString,
  model: parseAsString,
  kind: parseAsString,
}

export type UsageFilterValues = Readonly<Partial<Record<UsageGroup, string | null>>>

/** All choices of the usage page, kept in its address. */
export function useUsageQuery() {
  const [state, setState] = useQueryStates(parsers, { history: 'push' })
  const { metric, group, bucket, compare, cumulative, from, to, tz, ...filters } = state
  const query = useMemo(() => usageQueryOf(state), [state])
  return {
    ...{ metric, group, bucket, compare, cumulative, query },
    filters: filters as UsageFilterValues,
    isOpenEnded: to === null || to === 'now',
    range: { from, to, tz },
    change: setState,
  }
}
export type UsageQueryState = ReturnType<typeof useUsageQuery>
