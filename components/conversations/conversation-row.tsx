import Link from 'next/link'
import { memo } from 'react'
import { LiveRow, rowLink, rowLinkClass, type RowStanding } from '@/components/live-list/live-row'
import { cleanText } from '@/components/message/clean-text'
import { cn } from '@/components/ui/cn'
import type { ConversationSummary } from '@/lib/conversations/conversation-summary'
import { conversationColumns, placeOf, titleColumn } from './conversation-columns'

interface ConversationRowProps extends RowStanding {
  conversation: ConversationSummary
  timeZone: string
  isNew: boolean
}

/** One conversation. The link of its title covers the whole row. */
export const ConversationRow = memo(function ConversationRow(props: ConversationRowProps) {
  const { conversation, timeZone, isTabStop, ...row } = props
  const { conversationId, title } = conversation
  const place = placeOf(conversation)
  return (
    <LiveRow {...row} className="grid-cols-[minmax(0,1fr)_auto] gap-y-1">
      <span role="cell" className={titleColumn.className}>
        <Link
          href={`/conversations/${conversationId}`}
          {...rowLink(conversationId, isTabStop)}
          prefetch={false}
          dir="auto"
          title={title === null ? undefined : cleanText(title)}
          className={cn('block truncate text-left text-body font-medium', rowLinkClass)}
        >
          {title === null ? <span className="text-muted">untitled</span> : cleanText(title)}
        </Link>
        <span className="block truncate text-meta text-muted" title={place}>
          {place}
        </span>
      </span>
      {conversationColumns.map(({ key, className, cell }) => (
        <span key={key} role="cell" className={cn('numeric', className)}>
          {cell(conversation, timeZone)}
        </span>
      ))}
    </LiveRow>
  )
})
