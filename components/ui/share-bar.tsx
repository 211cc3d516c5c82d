import { cn } from './cn'

const fills = { ok: 'bg-chart-1', warn: 'bg-warn', danger: 'bg-danger' } as const

interface ShareBarProps {
  /** 0 to 1; more fills the bar. */
  share: number
  tone?: keyof typeof fills
  className?: string
}

/** A share beside its figure, which says the same to those who do not see the bar. */
export function ShareBar({ share, tone = 'ok', className }: ShareBarProps) {
  return (
    <span className={cn('block h-1.5 overflow-hidden rounded-full bg-subtle', className)} aria-hidden>
      <span className={cn('block h-full', fills[tone])} style={{ width: `${Math.min(1, share) * 100}%` }} />
    </span>
  )
}
