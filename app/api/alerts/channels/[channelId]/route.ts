import { deleteChannel } from '@/lib/alerts/channels'
import { byOf } from '@/lib/clients/change'
import { json } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

export const DELETE = apiHandler<{ channelId: string }>('settings:write', async ({ request, actor, params }) => {
  await deleteChannel(params.channelId, byOf(actor, request))
  return json({ deleted: true })
})
