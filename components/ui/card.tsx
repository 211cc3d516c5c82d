import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

/** A bordered panel. */
export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return <section className={cn('rounded-card border border-line bg-panel', className)} {...rest} />
}

/** Heading line of a card: what it shows, a remark, and what one can do with it. */
export function CardHeader({ title, hint, actions }: { title: ReactNode; hint?: ReactNode; actions?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-2 border-b border-line px-4 py-3 last:border-b-0">
      <div className="min-w-0 flex-1 basis-56">
        <h2 className="text-section font-semibold wrap-anywhere">{title}</h2>
        {hint && <p className="text-body text-muted wrap-anywhere">{hint}</p>}
      </div>
      {actions && <div className="flex items-center gap-2">{actions}</div>}
    </div>
  )
}

export function CardBody({ className, ...rest }: ComponentProps<'div'>) {
  return <div className={cn('p-4', className)} {...rest} />
}
