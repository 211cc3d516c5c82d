import type { ComponentProps } from 'react'
import { cn } from './cn'
import { Tooltip } from './tooltip'

type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label'> & { label: string }

/** A square button with an icon; `label` is its accessible name and its tooltip. */
export function IconButton({ label, className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <button
        type={type}
        aria-label={label}
        className={cn(
          'target inline-flex size-8 items-center justify-center rounded-control text-secondary transition-colors hover:bg-subtle hover:text-ink disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:size-4',
          className,
        )}
        {...rest}
      />
    </Tooltip>
  )
}
