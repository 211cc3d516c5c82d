'use client'

import { Button } from '@/components/ui/button'
import { SearchField } from '@/components/ui/search-field'
import type { FilterOptions } from '@/lib/requests/list-filter-options'
import { FilterChips } from './filter-chips'
import { choicesOf, filterFields, prepareChips, type FilterValues } from './filter-fields'
import { FilterMenu } from './filter-menu'
import { useConversationChoices } from './use-conversation-choices'
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
  const conversationId = useConversationChoices(values.conversationId)
  const chips = prepareChips(values, { ...options, conversationId })
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
            <FilterMenu
              key={field}
              label={label}
              choices={choicesOf(field, options)}
              value={values[field]}
              onChange={(value) => onChange({ [field]: value })}
            />
          ))}
        </div>
      </div>
      {(chips.length > 0 || search) && (
        <FilterChips chips={chips} onRemove={(field) => onChange({ [field]: null })}>
          <li>
            <Button size="small" variant="ghost" onClick={onClear}>
              Clear all
            </Button>
          </li>
        </FilterChips>
      )}
    </div>
  )
}
