'use client'

import { ChevronDown } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cn } from './cn'
import { useFieldControl } from './field'
import { controlClass } from './input'

/** The browser's own select, styled: it works with every keyboard and on every phone. Children are <option>s. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return (
    <span className={cn('relative inline-flex w-full', className)}>
      <select className={cn(controlClass, 'appearance-none truncate pr-8')} {...useFieldControl()} {...rest} />
      <ChevronDown
        className="pointer-events-none absolute top-1/2 right-2 size-4 -translate-y-1/2 text-muted"
        aria-hidden
      />
    </span>
  )
}
