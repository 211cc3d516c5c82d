import { clsx, type ClassValue } from 'clsx'
import { extendTailwindMerge } from 'tailwind-merge'

// Our own names must be known, or `text-body` would be taken for a colour and dropped beside `text-ink`.
const merge = extendTailwindMerge({
  extend: {
    theme: {
      text: ['meta', 'table', 'body', 'control', 'section', 'page', 'kpi'],
      radius: ['control', 'card'],
      shadow: ['overlay'],
    },
  },
})

/** Joins class names; a later one wins over an earlier one of the same kind. */
export function cn(...classes: ClassValue[]): string {
  return merge(clsx(classes))
}
