'use client'

import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { cleanText } from '@/components/message/clean-text'
import { IconButton } from '@/components/ui/icon-button'
import type { Chip, FilterField } from './filter-fields'

interface FilterChipsProps {
  chips: readonly Chip[]
  onRemove: (field: FilterField) => void
  /** What else can be done with the filters. */
  children?: ReactNode
}

/** The filters that are set, each with a way to take it away. */
export function FilterChips({ chips, onRemove, children }: FilterChipsProps) {
  return (
    <ul aria-label="Filters" className="flex flex-wrap items-center gap-2">
      {chips.map(({ field, label, verb, text }) => (
        <li
          key={field}
          className="flex max-w-full items-center rounded-control border border-accent bg-selection pl-2 text-table"
        >
          <span className="max-w-80 min-w-0 truncate py-1" title={cleanText(text)}>
            {label} {verb}{' '}
            <strong className="font-semibold">
              <bdi>{cleanText(text)}</bdi>
            </strong>
          </span>
          <IconButton label={`Remove the filter ${label}`} onClick={() => onRemove(field)}>
            <X aria-hidden />
          </IconButton>
        </li>
      ))}
      {children}
    </ul>
  )
}
