import type { HTMLAttributes } from 'react'
import { cn } from '@/components/ui/cn'

/** Where a row stands in its list. */
export interface RowStanding {
  /** From 0, the first. */
  readonly place: number
  /** The keyboard is at it. */
  readonly isSelected: boolean
  /** The one row at which Tab stops; arrow keys go on from it. */
  readonly isTabStop: boolean
}

interface LiveRowProps extends HTMLAttributes<HTMLDivElement>, Omit<RowStanding, 'isTabStop'> {
  /** It came or changed while the page was open. */
  isNew: boolean
}

/** A row of a `LiveTable`, at its place. Its link covers it: `rowLinkClass`. */
export function LiveRow({ place, isNew, isSelected, className, ...rest }: LiveRowProps) {
  return (
    <div
      role="row"
      aria-rowindex={place + 2}
      aria-current={isSelected || undefined}
      style={{ transform: `translateY(calc(var(--row-height) * ${place}))` }}
      className={cn(
        'absolute inset-x-0 top-0 grid h-(--row-height) content-center items-center gap-x-3 gap-y-1.5 border-b border-line px-4 transition-transform hover:bg-subtle motion-reduce:transition-none sm:flex',
        isSelected && 'bg-selection hover:bg-selection',
        isNew && 'shadow-[inset_2px_0_0_var(--color-accent)]',
        className,
      )}
      {...rest}
    />
  )
}

export const rowLinkClass = 'scroll-mt-28 scroll-mb-20 -outline-offset-2 after:absolute after:inset-0'

/** What the link of a row needs for the keyboard to find it. */
export function rowLink(rowId: string, isTabStop: boolean) {
  return { 'data-row-id': rowId, tabIndex: isTabStop ? 0 : -1 }
}

/** The row whose link this is; null = none. */
export function rowIdOf(element: Element | null): string | null {
  return element?.getAttribute('data-row-id') ?? null
}
