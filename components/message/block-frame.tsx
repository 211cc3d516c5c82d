'use client'

import { useState, type ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { CopyButton } from '@/components/ui/copy-button'
import { stringifyJson } from '@/lib/claude/json'
import { JsonView } from './json-view'
import type { PreparedBlock } from './prepared-message'

/** What every block has: an anchor, its raw JSON one press away, and a copy button. */
export function BlockFrame({
  block,
  copied,
  children,
}: {
  block: PreparedBlock
  copied?: string
  children: ReactNode
}) {
  const [isRaw, setRaw] = useState(false)
  return (
    <div id={block.key} className="group/block relative scroll-mt-16" data-kind={block.kind}>
      <div className="absolute -top-1 right-0 z-10 flex gap-1 bg-panel opacity-0 group-hover/block:opacity-100 focus-within:opacity-100 pointer-coarse:static pointer-coarse:justify-end pointer-coarse:opacity-100">
        <Button size="small" variant="ghost" aria-pressed={isRaw} onClick={() => setRaw(!isRaw)}>
          Raw
        </Button>
        <CopyButton text={copied ?? stringifyJson(block.raw) ?? ''} />
      </div>
      {isRaw ? (
        <div>
          <p className="font-mono text-meta text-muted">{block.path}</p>
          <JsonView value={block.raw} openLevels={3} />
        </div>
      ) : (
        children
      )}
    </div>
  )
}
