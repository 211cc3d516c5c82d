import { createChannel, listChannels, newChannelSchema } from '@/lib/alerts/channels'
import { doerOf } from '@/lib/users/doer'
import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

export const GET = apiHandler('audit:read', async () => json({ channels: await listChannels() }))

export const POST = apiHandler('settings:write', async ({ request, actor }) =>
  json(await createChannel(await readJson(request, newChannelSchema), doerOf(actor, request)), 201),
)
