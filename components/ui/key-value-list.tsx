import type { ReactNode } from 'react'
import { cn } from './cn'

export interface KeyValue {
  label: ReactNode
  value: ReactNode
}

/** Facts of one thing, label beside value. */
export function KeyValueList({ items, className }: { items: readonly KeyValue[]; className?: string }) {
  return (
    <dl className={cn('grid grid-cols-[minmax(7rem,max-content)_1fr] gap-x-4 gap-y-2 text-body', className)}>
      {items.map((item, index) => (
        <div key={index} className="contents">
          <dt className="text-muted">{item.label}</dt>
          <dd className="min-w-0 break-words numeric">{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}
