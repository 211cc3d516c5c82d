'use client'

import { FilterChips } from '@/components/requests/filter-chips'
import { prepareChips } from '@/components/requests/filter-fields'
import { FilterMenu } from '@/components/requests/filter-menu'
import type { FilterOptions } from '@/lib/requests/list-filter-options'
import { usageGroups, type UsageGroup } from '@/lib/usage/usage-filter'
import { groupNames } from './usage-controls'
import type { UsageFilterValues } from './use-usage-query'

interface UsageFiltersProps {
  values: UsageFilterValues
  options: FilterOptions
  onChange: (patch: Partial<Record<UsageGroup, string | null>>) => void
}

/** A menu for each way to narrow the figures, and a chip for each filter that is set. */
export function UsageFilters({ values, options, onChange }: UsageFiltersProps) {
  const given = Object.fromEntries(usageGroups.flatMap((group) => (values[group] ? [[group, values[group]]] : [])))
  const chips = prepareChips(given, options)
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      {usageGroups.map((group) => (
        <FilterMenu
          key={group}
          label={groupNames[group]}
          choices={options[group]}
          value={values[group]}
          onChange={(value) => onChange({ [group]: value })}
        />
      ))}
      {chips.length > 0 && <FilterChips chips={chips} onRemove={(field) => onChange({ [field]: null })} />}
    </div>
  )
}
