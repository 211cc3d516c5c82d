import { AppError } from '@/lib/errors'
import { json } from '@/lib/http'
import { getRequest } from '@/lib/requests/get-request'
import { loadStreamEvents } from '@/lib/requests/stream-events'
import { maskJson } from '@/lib/privacy/mask-secrets'
import { apiHandler } from '@/lib/users/access'
import { admitToBodies } from '@/lib/users/body-views'
import { loadReach, requireSeen } from '@/lib/users/reach'

export const dynamic = 'force-dynamic'

export const GET = apiHandler<{ requestId: string }>('bodies:read', async ({ request, actor, params }) => {
  const reach = await loadReach(actor)
  const { requestId, domain } = requireSeen(reach, await getRequest(params.requestId), 'request')
  const view = { action: 'body.read', targetType: 'request', targetId: requestId, domain } as const
  await admitToBodies({ actor, request, reach }, view)
  const events = await loadStreamEvents(requestId)
  if (!events) throw new AppError('not-found', 'This answer was not kept.')
  return json(maskJson(events))
})
