'use client'

import { Field } from '@/components/ui/field'
import { cn } from '@/components/ui/cn'
import { passwordMinLength, passwordProblem, passwordStrength } from '@/lib/users/password-rules'
import { PasswordInput } from './password-input'

interface NewPasswordFieldProps {
  label: string
  name: string
  value: string
  onChange: (value: string) => void
  /** Name and e-mail address: a password made of them is refused. */
  personal: readonly string[]
  error?: string | undefined
}

const words = ['', 'Fair', 'Good', 'Strong'] as const
const tones = ['', 'bg-warn', 'bg-ok', 'bg-ok'] as const

/** A password to be chosen: says what is asked before it is typed, and how good it is while it is. */
export function NewPasswordField({ label, name, value, onChange, personal, error }: NewPasswordFieldProps) {
  const strength = passwordStrength(value, personal)
  const problem = value.length > 0 ? passwordProblem(value, personal) : null
  return (
    <Field
      label={label}
      error={error}
      hint={
        <span className="flex flex-col gap-1">
          <Meter strength={strength} />
          <span aria-live="polite">
            {problem ??
              (words[strength] ||
                `${passwordMinLength} characters or more. A few unrelated words are easy to remember.`)}
          </span>
        </span>
      }
    >
      <PasswordInput
        name={name}
        autoComplete="new-password"
        required
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}

function Meter({ strength }: { strength: 0 | 1 | 2 | 3 }) {
  return (
    <span aria-hidden className="mt-1 flex gap-1">
      {[1, 2, 3].map((step) => (
        <span key={step} className={cn('h-1 flex-1 rounded-full', step <= strength ? tones[strength] : 'bg-line')} />
      ))}
    </span>
  )
}
