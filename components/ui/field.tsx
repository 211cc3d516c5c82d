'use client'

import { createContext, useContext, useId, type ReactNode } from 'react'

interface FieldContext {
  id: string
  describedBy: string | undefined
  isInvalid: boolean
}

const Context = createContext<FieldContext | null>(null)

/** What a control inside a Field spreads on itself: id, description and validity. */
export function useFieldControl() {
  const field = useContext(Context)
  return field && { id: field.id, 'aria-describedby': field.describedBy, 'aria-invalid': field.isInvalid || undefined }
}

interface FieldProps {
  label: ReactNode
  hint?: ReactNode
  error?: ReactNode
  children: ReactNode
}

/** Label, control, hint and error; Input and Select inside are wired by themselves. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId()
  const hintId = hint ? `${id}-hint` : ''
  const errorId = error ? `${id}-error` : ''
  const describedBy = [errorId, hintId].filter(Boolean).join(' ') || undefined
  return (
    <Context value={{ id, describedBy, isInvalid: Boolean(error) }}>
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className="text-control font-medium">
          {label}
        </label>
        {children}
        {error && (
          <p id={errorId} className="text-body text-danger" role="alert">
            {error}
          </p>
        )}
        {hint && (
          <div id={hintId} className="text-body text-muted">
            {hint}
          </div>
        )}
      </div>
    </Context>
  )
}
