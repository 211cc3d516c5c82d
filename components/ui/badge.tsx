import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from './cn'

const badgeClass = cva(
  'inline-flex items-center gap-1 rounded-control px-1.5 text-meta font-medium whitespace-nowrap [&_svg]:size-3',
  {
    variants: {
      tone: {
        neutral: 'bg-subtle text-secondary',
        accent: 'bg-selection text-accent',
        ok: 'bg-ok-fill text-ok',
        warn: 'bg-warn-fill text-warn',
        danger: 'bg-danger-fill text-danger',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
)

export type Tone = NonNullable<VariantProps<typeof badgeClass>['tone']>

/** A small word on a tinted ground. For a state use StatusPill: it adds the icon. */
export function Badge({ tone, className, ...rest }: ComponentProps<'span'> & { tone?: Tone }) {
  return <span className={cn(badgeClass({ tone }), className)} {...rest} />
}
