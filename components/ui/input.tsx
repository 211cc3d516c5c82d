'use client'

import type { ComponentProps } from 'react'
import { cn } from './cn'
import { useFieldControl } from './field'

export const controlClass =
  'w-full min-h-9 rounded-control border border-control bg-panel px-2.5 py-1.5 text-control text-ink placeholder:text-muted pointer-coarse:min-h-11 disabled:opacity-50 aria-invalid:border-danger focus-visible:outline-offset-0'

/** A line of text. Inside a Field it takes id, description and validity from there. */
export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input className={cn(controlClass, className)} {...useFieldControl()} {...rest} />
}
