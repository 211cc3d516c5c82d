'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { clip } from '@/lib/claude/json'
import { formatBytes, formatQuantity } from '@/lib/format'
import { Markdown, PlainText } from './markdown'

const shownChars = 4_000
const shownLines = 60

/** The beginning of a text, or null when the whole is short enough to show. */
function beginningOf(text: string): string | null {
  let end = -1
  for (let line = 0; line < shownLines; line++) {
    end = text.indexOf('\n', end + 1)
    if (end < 0) break
  }
  const limit = Math.min(end < 0 ? text.length : end, shownChars)
  // A rest of a few characters is not worth a button.
  return text.length - limit > 200 ? clip(text, limit) : null
}

/** A text that shows its beginning until asked for all of it. */
export function LongText({ text, as }: { text: string; as: 'markdown' | 'plain' }) {
  const [isWhole, setWhole] = useState(false)
  const beginning = beginningOf(text)
  const Draw = as === 'markdown' ? Markdown : PlainText
  if (beginning === null) return <Draw text={text} />
  const size = `${formatBytes(new TextEncoder().encode(text).length)}, ${formatQuantity(text.split('\n').length, 'line')}`
  return (
    <div>
      <Draw text={isWhole ? text : `${beginning} …`} />
      <Button size="small" variant="ghost" onClick={() => setWhole(!isWhole)} aria-expanded={isWhole}>
        {isWhole ? 'Show less' : `Show all (${size})`}
      </Button>
    </div>
  )
}
