'use client'

import { ChevronDown } from 'lucide-react'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { cleanText } from '@/components/message/clean-text'
import { DropdownMenu, MenuItem } from '@/components/ui/dropdown-menu'
import { toast } from '@/components/ui/toast'
import type { FilterField } from './filter-fields'

interface ValueMenuProps {
  field: FilterField
  value: string
  /** What is shown instead of the value. */
  label?: ReactNode
}

/** A value one can go on with: requests like this, requests unlike this, or its text. */
export function ValueMenu({ field, value, label }: ValueMenuProps) {
  const hrefOf = (given: string) => `/requests?${new URLSearchParams({ [field]: given, from: '-7d' }).toString()}`
  return (
    <DropdownMenu
      align="start"
      trigger={
        <button
          type="button"
          className="inline-flex max-w-full items-center gap-1 rounded-control text-left hover:text-accent"
        >
          <span className="min-w-0 break-words">{label ?? cleanText(value)}</span>
          <ChevronDown className="size-3 shrink-0 text-muted" aria-hidden />
          <span className="sr-only">: filter or copy</span>
        </button>
      }
    >
      <MenuItem asChild>
        <Link href={hrefOf(value)}>Requests with this</Link>
      </MenuItem>
      {field !== 'conversationId' && (
        <MenuItem asChild>
          <Link href={hrefOf(`!${value}`)}>Requests without this</Link>
        </MenuItem>
      )}
      <MenuItem onSelect={() => void copy(value)}>Copy</MenuItem>
    </DropdownMenu>
  )
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast.success('Copied to the clipboard')
  } catch {
    // The browser denies the clipboard, or the origin is not secure.
    toast.failure(new Error('The browser did not allow copying.'))
  }
}
