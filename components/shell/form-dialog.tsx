'use client'

import { useId, type ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog, Sheet } from '@/components/ui/dialog'
import { FormError } from '@/components/ui/form-error'
import type { Submit } from './use-submit'

interface FormDialogProps {
  title: ReactNode
  description?: ReactNode
  /** What the button that sends says. */
  action: string
  submit: Submit
  onClose: () => void
  /** A long form stands at the side, from top to bottom. */
  isSheet?: boolean
  /** The fields. */
  children: ReactNode
}

/** A window with one form: a way out, and the button that sends it. */
export function FormDialog({ action, submit, onClose, isSheet = false, children, ...texts }: FormDialogProps) {
  const formId = useId()
  const Window = isSheet ? Sheet : Dialog
  const footer = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button type="submit" form={formId} variant="primary" isBusy={submit.isBusy}>
        {action}
      </Button>
    </>
  )
  return (
    <Window isOpen onOpenChange={onClose} footer={footer} {...texts}>
      <form id={formId} {...submit.formProps} className="flex flex-col gap-4 pb-3">
        <FormError message={submit.error} />
        {children}
      </form>
    </Window>
  )
}
