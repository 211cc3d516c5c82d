'use client'

import { Eye, EyeOff } from 'lucide-react'
import { useState, type ComponentProps } from 'react'
import { Input } from '@/components/ui/input'

type PasswordInputProps = Omit<ComponentProps<'input'>, 'type'> & {
  /** What it is called on the button that shows it. */
  noun?: string
}

/** A secret with a way to see it. Pasting and password managers work. */
export function PasswordInput({ noun = 'password', ...props }: PasswordInputProps) {
  const [isShown, setIsShown] = useState(false)
  const Icon = isShown ? EyeOff : Eye
  return (
    <span className="relative block">
      <Input
        {...props}
        type={isShown ? 'text' : 'password'}
        autoCapitalize="none"
        spellCheck={false}
        className="pr-11"
      />
      <button
        type="button"
        aria-label={`${isShown ? 'Hide' : 'Show'} ${noun}`}
        aria-pressed={isShown}
        onClick={() => setIsShown(!isShown)}
        className="target absolute top-1/2 right-1 inline-flex w-9 -translate-y-1/2 items-center justify-center rounded-control text-muted hover:text-ink"
      >
        <Icon className="size-4" aria-hidden />
      </button>
    </span>
  )
}
