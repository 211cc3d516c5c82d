import { json, readJson } from '@/lib/http'
import { saveStar, starSchema } from '@/lib/retention/stars'
import { apiHandler } from '@/lib/users/access'
import { loadReach } from '@/lib/users/reach'

type Params = { conversationId: string }

export const PUT = apiHandler<Params>('bodies:read', async ({ request, actor, params }) => {
  const { isStarred } = await readJson(request, starSchema)
  const { domains } = await loadReach(actor)
  await saveStar({ what: 'conversation', id: params.conversationId, isStarred, domains })
  return json({ isStarred })
})
