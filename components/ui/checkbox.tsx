import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

type ToggleProps = Omit<ComponentProps<'input'>, 'type'> & { label: ReactNode; hint?: ReactNode }

const toggleClass = 'flex items-start gap-2 text-control pointer-coarse:py-2.5'

/** A box to tick, with its label beside it. */
export function Checkbox({ label, hint, className, ...rest }: ToggleProps) {
  return (
    <label className={cn(toggleClass, className)}>
      <input type="checkbox" className="mt-0.5 size-4 shrink-0 accent-accent" {...rest} />
      <ToggleText label={label} hint={hint} />
    </label>
  )
}

/** An on/off switch: takes effect at once, where a Checkbox waits for a Save button. */
export function Switch({ label, hint, className, ...rest }: ToggleProps) {
  return (
    <label className={cn(toggleClass, className)}>
      <input
        type="checkbox"
        role="switch"
        className="relative mt-0.5 h-5 w-9 shrink-0 appearance-none rounded-full border border-control bg-subtle transition-colors before:absolute before:top-0.5 before:left-0.5 before:size-3.5 before:rounded-full before:bg-control before:transition-transform checked:border-accent checked:bg-accent checked:before:translate-x-4 checked:before:bg-on-accent disabled:opacity-50"
        {...rest}
      />
      <ToggleText label={label} hint={hint} />
    </label>
  )
}

function ToggleText({ label, hint }: { label: ReactNode; hint?: ReactNode }) {
  return (
    <span>
      <span className="font-medium">{label}</span>
      {hint && <span className="block text-body text-muted">{hint}</span>}
    </span>
  )
}
