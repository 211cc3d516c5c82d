'use client'

import * as Radix from '@radix-ui/react-dialog'
import { X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button } from './button'
import { cn } from './cn'
import { useFocusReturn } from './use-focus-return'
import { useUnsaved } from './use-unsaved'

interface DialogProps {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  title: ReactNode
  /** Under the title; read out when the window opens. */
  description?: ReactNode
  children?: ReactNode
  /** Buttons, the safe one first. */
  footer?: ReactNode
  /** What is typed here is not missed: it closes without asking. */
  isDisposable?: boolean
  /** What it shows cannot be seen again: a click outside does not close it. */
  isShownOnce?: boolean
  className?: string
}

/**
 * A centred window over the page. Escape, the cross and a click outside close it, but ask first when something was
 * typed; focus returns to where it was.
 */
export function Dialog(props: DialogProps) {
  return (
    <Layer
      {...props}
      place="top-1/2 left-1/2 max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] max-w-lg -translate-x-1/2 -translate-y-1/2 rounded-card animate-overlay-in"
    />
  )
}

/** A panel on the right; the whole screen on phones. */
export function Sheet(props: DialogProps) {
  return <Layer {...props} place="inset-y-0 right-0 w-full sm:w-[min(640px,90vw)] animate-sheet-in" />
}

function Layer({
  isOpen,
  onOpenChange,
  title,
  description,
  children,
  footer,
  isDisposable = false,
  isShownOnce = false,
  className,
  place,
}: DialogProps & { place: string }) {
  const { fields, isUnsaved } = useUnsaved()
  const focusReturn = useFocusReturn()
  const [isAsking, setAsking] = useState(false)

  function change(isWanted: boolean) {
    if (!isWanted && !isDisposable && isUnsaved()) setAsking(true)
    else onOpenChange(isWanted)
  }
  return (
    <Radix.Root open={isOpen} onOpenChange={change}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          className={cn('fixed z-40 flex flex-col border border-line bg-panel shadow-overlay', place, className)}
          {...(description ? {} : { 'aria-describedby': undefined })}
          onInteractOutside={(event) => isShownOnce && event.preventDefault()}
          onEscapeKeyDown={(event) => isSearch(event.target) && event.preventDefault()}
          {...fields}
          {...focusReturn}
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-4 pb-2">
            <div className="min-w-0 wrap-anywhere">
              <Radix.Title className="text-section font-semibold">{title}</Radix.Title>
              {description && (
                <Radix.Description asChild>
                  <div className="mt-1 text-body text-secondary">{description}</div>
                </Radix.Description>
              )}
            </div>
            <Radix.Close
              className="target inline-flex size-8 shrink-0 items-center justify-center rounded-control text-secondary hover:bg-subtle"
              aria-label="Close"
            >
              <X className="size-4" aria-hidden />
            </Radix.Close>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-2">{children}</div>
          {footer && <footer className="flex justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>}
          {!isDisposable && (
            <DiscardQuestion isOpen={isAsking} onOpenChange={setAsking} onDiscard={() => onOpenChange(false)} />
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** What was typed to find something is emptied first: the next press closes the window. */
const isSearch = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && target.type === 'search' && target.value !== ''

interface DiscardQuestionProps {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  onDiscard: () => void
}

function DiscardQuestion({ isOpen, onOpenChange, onDiscard }: DiscardQuestionProps) {
  function discard() {
    onOpenChange(false)
    onDiscard()
  }
  const footer = (
    <>
      <Button onClick={() => onOpenChange(false)}>Keep editing</Button>
      <Button variant="danger" onClick={discard}>
        Discard
      </Button>
    </>
  )
  return (
    <Dialog
      {...{ isOpen, onOpenChange, footer }}
      title="Discard what you typed?"
      description="It is not saved."
      isDisposable
    />
  )
}
