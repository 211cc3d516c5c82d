'use client'

import { toast as sonner, Toaster as Sonner } from 'sonner'
import { failureText } from './failure-text'

/** Tells the result of what the user just did, and nothing else. */
export const toast = {
  success: (message: string) => sonner.success(message),
  failure: (error: unknown) => sonner.error(failureText(error)),
  /** For what can be taken back within ten seconds. */
  undoable: (message: string, undo: () => void) =>
    sonner(message, { duration: 10_000, action: { label: 'Undo', onClick: undo } }),
}

/** Where toasts appear; once, in the shell. */
export function Toaster() {
  return (
    <Sonner
      // In the middle: the right edge is where the buttons of rows and forms are.
      position="bottom-center"
      mobileOffset={{ bottom: 72 }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-full items-center gap-3 rounded-card border border-line bg-panel px-4 py-3 text-control text-ink shadow-overlay',
          error: 'border-danger text-danger',
          actionButton:
            'ml-auto rounded-control border border-control px-2 py-1 text-table font-medium hover:bg-subtle',
        },
      }}
    />
  )
}
