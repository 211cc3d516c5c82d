import { z } from 'zod'
import { conversationCursorSchema, conversationFilterSchema } from '@/lib/conversations/conversation-filter'
import { listConversations } from '@/lib/conversations/list-conversations'
import { json, readQuery } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { loadReach } from '@/lib/users/reach'

export const dynamic = 'force-dynamic'

const querySchema = conversationFilterSchema.extend({
  limit: z.coerce.number({ error: 'is a whole number from 1 to 200' }).int().min(1).max(200).default(50),
  cursor: conversationCursorSchema.optional(),
})

export const GET = apiHandler('domains:read', async ({ request, actor }) => {
  const { limit, cursor, ...filter } = readQuery(request, querySchema)
  return json(await listConversations({ filter, limit, cursor, reader: await loadReach(actor) }))
})
