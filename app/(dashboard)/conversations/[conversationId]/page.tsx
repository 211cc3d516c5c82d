import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { Suspense } from 'react'
import { preload } from 'react-dom'
import { requireUser } from '@/app/require-user'
import { chooseBranch, threadPath } from '@/components/conversations/choose-branch'
import { ConversationView } from '@/components/conversations/conversation-view'
import { PageOutline } from '@/components/shell/page-outline'
import { getConversation, isConversation } from '@/lib/conversations/get-conversation'
import { plainId } from '@/lib/ids'
import { readTimeZone } from '@/lib/time-range'
import { mayDo } from '@/lib/users/permissions'
import { loadReach, type Reach } from '@/lib/users/reach'

export const metadata: Metadata = { title: 'Conversation' }

interface ConversationPageProps {
  params: Promise<{ conversationId: string }>
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function ConversationPage({ params, searchParams }: ConversationPageProps) {
  const user = await requireUser()
  const reach = await loadReach(user)
  const conversationId = plainId((await params).conversationId)
  if (!(await isConversation(conversationId, reach))) notFound()
  const { tz, branch } = await searchParams
  return (
    <Suspense fallback={<PageOutline />}>
      <FoundConversation
        {...{ conversationId, reach }}
        branch={typeof branch === 'string' ? branch : null}
        mayDelete={mayDo(user.role, 'settings:write')}
        timeZone={readTimeZone(typeof tz === 'string' ? tz : undefined)}
      />
    </Suspense>
  )
}

interface FoundConversationProps {
  conversationId: string
  reach: Reach
  branch: string | null
  mayDelete: boolean
  timeZone: string
}

async function FoundConversation({ conversationId, reach, branch, ...rest }: FoundConversationProps) {
  const conversation = await getConversation(conversationId, reach)
  if (!conversation) notFound()
  const mayReadContent = reach.mayReadBodies(conversation.domain)
  // The browser asks for the thread while it still reads the scripts.
  const branchId = chooseBranch(conversation, branch)
  if (mayReadContent) preload(threadPath(conversationId, branchId), { as: 'fetch', crossOrigin: 'anonymous' })
  return <ConversationView initial={conversation} mayReadContent={mayReadContent} {...rest} />
}
