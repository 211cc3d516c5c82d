'use client'

import { Bot, Settings2, User } from 'lucide-react'
import { cn } from '@/components/ui/cn'
import { BlockView } from './block-view'
import { cleanText } from './clean-text'
import type { PreparedMessage } from './prepared-message'

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
      <div className="space-y-3">
        {message.blocks.map((block) => (
          <BlockView key={block.key} block={block} areToolsOpen={areToolsOpen} />
        ))}
      </div>
    </article>
  )
}
