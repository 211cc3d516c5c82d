'use client'

import { useState, type FormEvent, type ReactNode } from 'react'
import { Button } from './button'
import { Dialog } from './dialog'
import { failureText } from './failure-text'
import { Field } from './field'
import { Input } from './input'

interface ConfirmDialogProps {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  title: ReactNode
  /** What will happen, in plain words, with counts; read out when the question opens. */
  consequence: ReactNode
  /** The user must type this to go on, e.g. the name of what is deleted. Leave out for what can be undone. */
  typed?: string
  /** The verb on the button, e.g. "Delete account". */
  action: string
  /** Resolves when done (the dialog then closes); a rejection's message is shown. */
  onConfirm: () => Promise<void>
}

/** Asks before something that cannot be taken back. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { isOpen, onOpenChange, title, consequence } = props
  return (
    <Dialog {...{ isOpen, onOpenChange, title }} description={consequence} isDisposable>
      {isOpen && <ConfirmForm {...props} />}
    </Dialog>
  )
}

function ConfirmForm({ onOpenChange, typed, action, onConfirm }: ConfirmDialogProps) {
  const [text, setText] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const isAllowed = typed === undefined || text === typed

  async function confirm(event: FormEvent) {
    event.preventDefault()
    // To React it stands within the form it was opened from, which is not the one that is sent.
    event.stopPropagation()
    if (!isAllowed || isBusy) return
    setIsBusy(true)
    setError(null)
    try {
      await onConfirm()
      onOpenChange(false)
    } catch (reason) {
      setError(failureText(reason))
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <form onSubmit={confirm} className="flex flex-col gap-4 pb-3">
      {typed !== undefined && (
        <Field label={`Type ${typed} to confirm`}>
          <Input value={text} onChange={(event) => setText(event.target.value)} autoComplete="off" spellCheck={false} />
        </Field>
      )}
      {error && (
        <p role="alert" className="text-body text-danger">
          {error}
        </p>
      )}
      <div className="flex justify-end gap-2">
        <Button onClick={() => onOpenChange(false)}>Cancel</Button>
        <Button type="submit" variant="danger" isBusy={isBusy} disabled={!isAllowed}>
          {action}
        </Button>
      </div>
    </form>
  )
}
