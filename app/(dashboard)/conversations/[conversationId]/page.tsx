import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { preload } from 'react-dom'
import { requireUser } from '@/app/require-user'
import { chooseBranch, threadPath } from '@/components/conversations/choose-branch'
import { ConversationView } from '@/components/conversations/conversation-view'
import { getConversation } from '@/lib/conversations/get-conversation'
import { readTimeZone } from '@/lib/time-range'
import { mayDo } from '@/lib/users/permissions'
import { loadReach } from '@/lib/users/reach'

export const metadata: Metadata = { title: 'Conversation' }

interface ConversationPageProps {
  params: Promise<{ conversationId: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function ConversationPage({ params, searchParams }: ConversationPageProps) {
  const user = await requireUser()
  const reach = await loadReach(user)
  const [{ conversationId }, { tz, branch }] = [await params, await searchParams]
  const conversation = await getConversation(conversationId, reach)
  if (!conversation) notFound()
  const mayReadContent = reach.mayReadBodies(conversation.domain)
  // The browser asks for the thread while it still reads the scripts.
  const branchId = chooseBranch(conversation, typeof branch === 'string' ? branch : null)
  if (mayReadContent) preload(threadPath(conversationId, branchId), { as: 'fetch', crossOrigin: 'anonymous' })
  return (
    <ConversationView
      initial={conversation}
      mayReadContent={mayReadContent}
      mayDelete={mayDo(user.role, 'settings:write')}
      timeZone={readTimeZone(typeof tz === 'string' ? tz : undefined)}
    />
  )
}
