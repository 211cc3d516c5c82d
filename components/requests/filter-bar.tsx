'use client'

import { ListFilter, X } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/checkbox'
import { IconButton } from '@/components/ui/icon-button'
import { Popover } from '@/components/ui/popover'
import { SearchField } from '@/components/ui/search-field'
import { cleanText } from '@/components/message/clean-text'
import { formatCount } from '@/lib/format'
import type { FilterOptions } from '@/lib/requests/list-filter-options'
import {
  choicesOf,
  filterFields,
  prepareChips,
  splitValues,
  toggleValue,
  type FilterField,
  type FilterValues,
} from './filter-fields'
import type { FilterPatch } from './use-request-filter'

interface FilterBarProps {
  values: FilterValues
  search: string
  options: FilterOptions
  onChange: (patch: FilterPatch, history?: 'push' | 'replace') => void
  onClear: () => void
}

/** Search, a menu for each field, and a chip for each filter that is set. */
export function FilterBar({ values, search, options, onChange, onClear }: FilterBarProps) {
  const chips = prepareChips(values, options)
  return (
    <div className="mb-3 flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          value={search}
          onSearch={(q) => onChange({ q: q || null }, 'replace')}
          label="Search in ids, model, path, client and session"
          placeholder="Id, model, path, client, session"
          shortest={3}
          className="min-w-56 flex-1 sm:max-w-80"
          inputClassName="min-h-8 py-0.5 text-table"
        />
        <div className="flex max-w-full gap-2 overflow-x-auto p-0.5">
          {filterFields.map(({ field, label }) => (
            <FieldMenu key={field} {...{ field, label, values, options, onChange }} />
          ))}
        </div>
      </div>
      {(chips.length > 0 || search) && (
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
          <li>
            <Button size="small" variant="ghost" onClick={onClear}>
              Clear all
            </Button>
          </li>
        </ul>
      )}
    </div>
  )
}

interface FieldMenuProps {
  field: FilterField
  label: string
  values: FilterValues
  options: FilterOptions
  onChange: (patch: FilterPatch) => void
}

const mostChoices = 50

function FieldMenu({ field, label, values, options, onChange }: FieldMenuProps) {
  const choices = choicesOf(field, options).slice(0, mostChoices)
  const chosen = splitValues(values[field])
  if (choices.length === 0) return null
  return (
    <Popover
      label={`Filter by ${label}`}
      trigger={
        <Button size="small" aria-pressed={chosen.length > 0}>
          <ListFilter aria-hidden />
          {label}
        </Button>
      }
    >
      <div className="flex max-h-80 min-w-52 flex-col gap-1 overflow-y-auto">
        {choices.map((choice) => (
          <div key={choice.value} className="flex items-center justify-between gap-3">
            <Checkbox
              label={cleanText(choice.label)}
              checked={chosen.includes(choice.value)}
              onChange={() => onChange({ [field]: toggleValue(values[field], choice.value) })}
            />
            {choice.requests !== null && (
              <span className="text-table text-muted numeric">{formatCount(choice.requests)}</span>
            )}
          </div>
        ))}
      </div>
    </Popover>
  )
}
