'use client'

import { ListFilter, X } from 'lucide-react'
import { cleanText } from '@/components/message/clean-text'
import { prepareChips, splitValues, toggleValue } from '@/components/requests/filter-fields'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { IconButton } from '@/components/ui/icon-button'
import { Popover } from '@/components/ui/popover'
import { formatCount } from '@/lib/format'
import type { FilterOptions } from '@/lib/requests/list-filter-options'
import { usageGroups, type UsageGroup } from '@/lib/usage/usage-filter'
import { groupNames } from './usage-controls'
import type { UsageFilterValues } from './use-usage-query'

interface UsageFiltersProps {
  values: UsageFilterValues
  options: FilterOptions
  onChange: (patch: Partial<Record<UsageGroup, string | null>>) => void
}

const mostChoices = 50

/** A menu for each way to narrow the figures, and a chip for each filter that is set. */
export function UsageFilters({ values, options, onChange }: UsageFiltersProps) {
  const given = Object.fromEntries(usageGroups.flatMap((group) => (values[group] ? [[group, values[group]]] : [])))
  const chips = prepareChips(given, options)
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      {usageGroups.map((group) => (
        <FilterMenu key={group} {...{ group, options, onChange }} value={values[group] ?? undefined} />
      ))}
      {chips.length > 0 && (
        <ul aria-label="Filters" className="flex flex-wrap items-center gap-2">
          {chips.map(({ field, label, verb, text }) => (
            <li
              key={field}
              className="flex items-center rounded-control border border-accent bg-selection pl-2 text-table"
            >
              <span className="max-w-80 truncate py-1">
                {label} {verb} <strong className="font-semibold">{cleanText(text)}</strong>
              </span>
              <IconButton label={`Remove the filter ${label}`} onClick={() => onChange({ [field]: null })}>
                <X aria-hidden />
              </IconButton>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

interface FilterMenuProps {
  group: UsageGroup
  value: string | undefined
  options: FilterOptions
  onChange: UsageFiltersProps['onChange']
}

function FilterMenu({ group, value, options, onChange }: FilterMenuProps) {
  const choices = options[group].slice(0, mostChoices)
  const chosen = splitValues(value)
  if (choices.length === 0) return null
  return (
    <Popover
      label={`Filter by ${groupNames[group]}`}
      trigger={
        <Button size="small" aria-pressed={chosen.length > 0}>
          <ListFilter aria-hidden />
          {groupNames[group]}
        </Button>
      }
    >
      <div className="flex max-h-80 min-w-52 flex-col gap-1 overflow-y-auto">
        {choices.map((choice) => (
          <div key={choice.value} className="flex items-center justify-between gap-3">
            <Checkbox
              label={cleanText(choice.label)}
              checked={chosen.includes(choice.value)}
              onChange={() => onChange({ [group]: toggleValue(value, choice.value) })}
            />
            <span className="text-table text-muted numeric">{formatCount(choice.requests)}</span>
          </div>
        ))}
      </div>
    </Popover>
  )
}
