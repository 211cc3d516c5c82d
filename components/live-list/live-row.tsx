import type { HTMLAttributes } from 'react'
import { cn } from '@/components/ui/cn'

interface LiveRowProps extends HTMLAttributes<HTMLDivElement> {
  /** From 0, the first. */
  place: number
  /** It came or changed while the page was open. */
  isNew: boolean
  isSelected: boolean
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
