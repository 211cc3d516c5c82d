'use client'

import { ChevronDown } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { cleanText } from '@/components/message/clean-text'
import { DropdownMenu, MenuItem } from '@/components/ui/dropdown-menu'
import { copyText } from './copy-text'
import { useFilterLinks, type FilterValue } from './filter-links'

interface ValueMenuProps extends FilterValue {
  /** What is shown instead of the value. */
  label?: ReactNode
  /** A page of its own that the value has. */
  page?: { readonly href: string; readonly label: string }
}

/** A value one can go on with: requests like this, requests unlike this, or its text. */
export function ValueMenu({ field, value, label, page }: ValueMenuProps) {
  const { only, without } = useFilterLinks({ field, value })
  return (
    <DropdownMenu
      align="start"
      trigger={
        <button
          type="button"
          className="inline-flex min-h-6 max-w-full items-center gap-1 rounded-control text-left hover:text-accent"
        >
          <span className="min-w-0 break-words">{label ?? cleanText(value)}</span>
          <ChevronDown className="size-3 shrink-0 text-muted" aria-hidden />
          <span className="sr-only">: filter or copy</span>
        </button>
      }
    >
      {page && (
        <MenuItem asChild>
          <Link href={page.href}>{page.label}</Link>
        </MenuItem>
      )}
      <MenuItem asChild>
        <Link {...only}>Requests with this</Link>
      </MenuItem>
      {without && (
        <MenuItem asChild>
          <Link {...without}>Requests without this</Link>
        </MenuItem>
      )}
      <MenuItem onSelect={() => void copyText(value)}>Copy</MenuItem>
    </DropdownMenu>
  )
}
