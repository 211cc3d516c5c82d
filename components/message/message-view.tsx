'use client'

import { Bot, Settings2, User } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { cn } from '@/components/ui/cn'
import { formatQuantity } from '@/lib/format'
import { BlockView } from './block-view'
import { cleanText } from './clean-text'
import type { PreparedBlock, PreparedMessage } from './prepared-message'

const roles = new Map([
  ['user', { name: 'User', Icon: User, look: 'border-l-chart-1' }],
  ['assistant', { name: 'Assistant', Icon: Bot, look: 'border-l-chart-4' }],
  ['system', { name: 'System', Icon: Settings2, look: 'border-l-chart-other' }],
])

interface MessageViewProps {
  message: PreparedMessage
  /** Instead of the role. */
  label?: string
  /** Tool calls show their input and result at once. */
  areToolsOpen?: boolean
}

/** One message. A message whose blocks all went to their calls (tool results) draws nothing. */
export function MessageView({ message, label, areToolsOpen = false }: MessageViewProps) {
  if (message.blocks.length === 0) return null
  const { name, Icon, look } = roles.get(message.role) ?? {
    name: cleanText(message.role),
    Icon: Settings2,
    look: 'border-l-line',
  }
  return (
    <article aria-label={`${label ?? name} message`} className={cn('border-l-2 py-1 pl-4', look)}>
      <p className="mb-1 flex items-center gap-1.5 text-table font-semibold text-secondary">
        <Icon className="size-4" aria-hidden />
        {label ?? name}
      </p>
      <MessageBlocks blocks={message.blocks} areToolsOpen={areToolsOpen} />
    </article>
  )
}

const blocksAtOnce = 50

/** A message may have thousands of blocks: they are drawn as many at a time as one can look at. */
function MessageBlocks({ blocks, areToolsOpen }: { blocks: readonly PreparedBlock[]; areToolsOpen: boolean }) {
  const [shown, setShown] = useState(blocksAtOnce)
  const hidden = Math.max(0, blocks.length - shown)
  return (
    <div className="space-y-3">
      {blocks.slice(0, shown).map((block) => (
        <BlockView key={block.key} block={block} areToolsOpen={areToolsOpen} />
      ))}
      {hidden > 0 && (
        <Button size="small" onClick={() => setShown(shown + blocksAtOnce)}>
          Show {Math.min(blocksAtOnce, hidden)} more of {formatQuantity(hidden, 'block')}
        </Button>
      )}
    </div>
  )
}
