'use client'

import { Filter, FilterX } from 'lucide-react'
import Link from 'next/link'
import { cleanText } from '@/components/message/clean-text'
import { useFilterLinks, type FilterValue } from './filter-links'

interface CellFilterProps {
  target: FilterValue
  /** What the cell is about: "Model". */
  label: string
  /** Whether the keyboard stops here. */
  isReachable: boolean
}

const linkClass =
  'inline-flex size-6 items-center justify-center rounded-control text-secondary hover:bg-selection hover:text-accent [&_svg]:size-3.5'

/** Two links at the end of a cell, seen while one points at it or reaches it: requests with its value, or without. */
export function CellFilter({ target, label, isReachable }: CellFilterProps) {
  const { only, without } = useFilterLinks(target)
  const name = `${label} ${cleanText(target.value)}`
  const tabIndex = isReachable ? 0 : -1
  return (
    <span className="absolute inset-y-0 right-0 z-1 flex items-center rounded-control border border-line bg-panel opacity-0 group-hover/cell:opacity-100 focus-within:opacity-100">
      <Link {...only} prefetch={false} tabIndex={tabIndex} className={linkClass} title={`Only ${name}`}>
        <Filter aria-hidden />
        <span className="sr-only">Only {name}</span>
      </Link>
      {without && (
        <Link {...without} prefetch={false} tabIndex={tabIndex} className={linkClass} title={`Without ${name}`}>
          <FilterX aria-hidden />
          <span className="sr-only">Without {name}</span>
        </Link>
      )}
    </span>
  )
}
