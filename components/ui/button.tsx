import { cva, type VariantProps } from 'class-variance-authority'
import { LoaderCircle } from 'lucide-react'
import type { ComponentProps } from 'react'
import { cn } from './cn'

/** The look of a button, for links too: `<Link className={buttonClass({ variant: 'primary' })}>`. */
export const buttonClass = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 rounded-control border text-control font-medium whitespace-nowrap transition-colors disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'border-transparent bg-accent text-on-accent hover:bg-accent/90',
        secondary: 'border-control bg-panel text-ink hover:bg-subtle',
        ghost: 'border-transparent bg-transparent text-ink hover:bg-subtle',
        danger: 'border-danger bg-panel text-danger hover:bg-danger-fill',
      },
      size: {
        small: 'min-h-8 px-2 py-0.5 text-table pointer-coarse:min-h-10 pointer-coarse:min-w-10',
        medium: 'min-h-9 px-3 py-1.5 pointer-coarse:min-h-11',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'medium' },
  },
)

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof buttonClass> & { isBusy?: boolean }

/** A button. `isBusy` shows a spinner and refuses clicks, yet keeps focus and width. */
export function Button({
  variant,
  size,
  isBusy = false,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      className={cn(buttonClass({ variant, size }), className)}
      aria-busy={isBusy || undefined}
      aria-disabled={isBusy || undefined}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
      {...rest}
    >
      {isBusy && <LoaderCircle className="animate-spin" aria-hidden />}
      {children}
    </button>
  )
}
