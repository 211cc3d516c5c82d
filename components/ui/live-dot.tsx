import { cn } from './cn'

const looks = {
  ok: 'bg-ok',
  warn: 'rounded-[1px] bg-warn rotate-45',
  danger: 'rounded-[1px] bg-danger',
  off: 'border border-control bg-transparent',
} as const

/** A state as a mark whose shape differs too; `label` says it in words and is always in the page. */
export function LiveDot({
  state,
  label,
  isLabelShown = true,
}: {
  state: keyof typeof looks
  label: string
  isLabelShown?: boolean
}) {
  return (
    <span className="inline-flex items-center gap-1.5 text-table text-secondary">
      <span aria-hidden className={cn('inline-block size-2 rounded-full', looks[state])} />
      <span className={isLabelShown ? undefined : 'sr-only'}>{label}</span>
    </span>
  )
}
