import type { ReactNode } from 'react'

interface PageHeaderProps {
  title: ReactNode
  /** The question this page answers, in one sentence. */
  description?: ReactNode
  actions?: ReactNode
}

/** The heading of a page. One a page. */
export function PageHeader({ title, description, actions }: PageHeaderProps) {
  return (
    <header className="mb-4 flex flex-wrap items-start justify-between gap-3">
      <div className="min-w-0">
        <h1 className="text-page font-semibold wrap-anywhere">{title}</h1>
        {description && <p className="max-w-[80ch] text-body text-secondary">{description}</p>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  )
}
