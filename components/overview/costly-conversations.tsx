import Link from 'next/link'
import { placeOf } from '@/components/conversations/conversation-columns'
import { cleanText } from '@/components/message/clean-text'
import { CostText } from '@/components/requests/cost-text'
import { Card, CardHeader } from '@/components/ui/card'
import { ShareBar } from '@/components/ui/share-bar'
import type { ConversationSummary } from '@/lib/conversations/conversation-summary'

interface CostlyConversationsProps {
  conversations: readonly ConversationSummary[]
  /** The conversations page in this order and period. */
  allHref: string
}

/** What the money went to, the most costly first. */
export function CostlyConversations({ conversations, allHref }: CostlyConversationsProps) {
  const most = Math.max(0, ...conversations.map(({ costUsd }) => Number(costUsd)))
  return (
    <Card className="min-w-0">
      <CardHeader
        title="Most costly conversations"
        hint={conversations.length === 0 ? 'None in this period.' : 'Active in this period, each with its whole cost.'}
        actions={
          <Link
            href={allHref}
            className="target inline-flex items-center text-table font-medium text-accent hover:underline"
          >
            All conversations
          </Link>
        }
      />
      {conversations.length > 0 && (
        <ol className="flex flex-col gap-3 p-4 text-table">
          {conversations.map((conversation) => (
            <li key={conversation.conversationId}>
              <span className="flex items-baseline justify-between gap-3">
                <span
                  className="min-w-0 truncate pointer-coarse:py-3"
                  title={`${titleOf(conversation)} ${placeOf(conversation)}`}
                >
                  <Link
                    href={`/conversations/${conversation.conversationId}`}
                    prefetch={false}
                    className="font-medium text-accent hover:underline pointer-coarse:py-3"
                  >
                    <bdi>{titleOf(conversation)}</bdi>
                  </Link>{' '}
                  <span className="text-secondary">{placeOf(conversation)}</span>
                </span>
                <span className="shrink-0 font-medium">
                  <CostText {...conversation} />
                </span>
              </span>
              <ShareBar share={most > 0 ? Number(conversation.costUsd) / most : 0} className="mt-1" />
            </li>
          ))}
        </ol>
      )}
    </Card>
  )
}

const titleOf = ({ title }: ConversationSummary) => (title === null ? 'untitled' : cleanText(title))
