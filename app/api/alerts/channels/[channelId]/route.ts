import { deleteChannel } from '@/lib/alerts/channels'
import { doerOf } from '@/lib/users/doer'
import { json } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

export const DELETE = apiHandler<{ channelId: string }>('settings:write', async ({ request, actor, params }) => {
  await deleteChannel(params.channelId, doerOf(actor, request))
  return json({ deleted: true })
})
