import { getConversation } from '@/lib/conversations/get-conversation'
import { AppError } from '@/lib/errors'
import { json } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { loadReach } from '@/lib/users/reach'

export const dynamic = 'force-dynamic'

export const GET = apiHandler<{ conversationId: string }>('domains:read', async ({ actor, params }) => {
  const conversation = await getConversation(params.conversationId, await loadReach(actor))
  if (!conversation) throw new AppError('not-found', 'There is no conversation with this id.')
  return json(conversation)
})
