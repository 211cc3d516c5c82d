import { openChannel } from '@/lib/alerts/channels'
import { deliver } from '@/lib/alerts/deliver'
import { testNews } from '@/lib/alerts/message'
import { env } from '@/lib/env'
import { json } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

/** Sends one message now, once, and says what the receiver answered. */
export const POST = apiHandler<{ channelId: string }>('settings:write', async ({ params }) => {
  const channel = await openChannel(params.channelId)
  return json(await deliver(channel, testNews(new Date(), env().publicUrl), { pausesMs: [] }))
})
