'use client'

import type { ComponentProps } from 'react'
import { cn } from './cn'
import { useFieldControl } from './field'
import { controlClass } from './input'

/** Several lines of text. */
export function Textarea({ className, rows = 4, ...rest }: ComponentProps<'textarea'>) {
  return <textarea rows={rows} className={cn(controlClass, className)} {...useFieldControl()} {...rest} />
}
