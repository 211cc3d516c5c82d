'use client'

import { Check, Copy } from 'lucide-react'
import { useEffect, useRef, useState, type RefObject } from 'react'
import { Button } from './button'
import { Input } from './input'

interface CopyButtonProps {
  text: string
  /** What is copied: "Copy key". */
  label?: string
  /** The element that shows the text: selected when the clipboard is denied. */
  shownIn?: RefObject<HTMLElement | null>
  size?: 'small' | 'medium'
}

type Result = 'idle' | 'copied' | 'denied'

/** Copies, says so, and where the browser denies the clipboard selects the text instead. */
export function CopyButton({ text, label = 'Copy', shownIn, size = 'small' }: CopyButtonProps) {
  const [result, setResult] = useState<Result>('idle')
  useResetAfter(result === 'copied', () => setResult('idle'))

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setResult('copied')
    } catch {
      // Denied, or an insecure origin without a clipboard: the user copies by hand.
      if (shownIn?.current) getSelection()?.selectAllChildren(shownIn.current)
      setResult('denied')
    }
  }

  return (
    <span className="inline-flex items-center gap-2">
      {result === 'denied' && !shownIn && <SelectedText text={text} />}
      <Button size={size} onClick={copy}>
        {result === 'copied' ? <Check className="text-ok" aria-hidden /> : <Copy aria-hidden />}
        {result === 'copied' ? 'Copied' : label}
      </Button>
      <span role="status" className={result === 'denied' ? 'text-table text-secondary' : 'sr-only'}>
        {result === 'copied' && 'Copied to the clipboard'}
        {result === 'denied' && 'Selected: press Ctrl+C or ⌘C'}
      </span>
    </span>
  )
}

function SelectedText({ text }: { text: string }) {
  const ref = useRef<HTMLInputElement>(null)
  useEffect(() => ref.current?.select(), [])
  return <Input ref={ref} readOnly value={text} aria-label="Text to copy" className="w-48" />
}

function useResetAfter(isActive: boolean, reset: () => void) {
  const latest = useRef(reset)
  useEffect(() => {
    latest.current = reset
  })
  useEffect(() => {
    if (!isActive) return
    const timer = setTimeout(() => latest.current(), 2_000)
    return () => clearTimeout(timer)
  }, [isActive])
}
