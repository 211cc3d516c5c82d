import { AppError } from '@/lib/errors'
import { json } from '@/lib/http'
import { getRequest } from '@/lib/requests/get-request'
import { loadStreamEvents } from '@/lib/requests/stream-events'
import { apiHandler } from '@/lib/users/access'

export const dynamic = 'force-dynamic'

export const GET = apiHandler<{ requestId: string }>('bodies:read', async ({ params }) => {
  const facts = await getRequest(params.requestId)
  const events = facts && (await loadStreamEvents(params.requestId))
  if (!events) throw new AppError('not-found', facts ? 'This answer was not kept.' : 'There is no such request.')
  return json(events)
})
