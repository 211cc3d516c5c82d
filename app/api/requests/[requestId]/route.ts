import { withTitle } from '@/lib/conversations/load-titles'
import { json } from '@/lib/http'
import { maskJson } from '@/lib/privacy/mask-secrets'
import { getRequest } from '@/lib/requests/get-request'
import { loadContent, loadTimings } from '@/lib/requests/load-content'
import { buildDetail } from '@/lib/requests/request-detail'
import { apiHandler } from '@/lib/users/access'
import { admitToBodies } from '@/lib/users/body-views'
import { loadReach, requireSeen } from '@/lib/users/reach'

export const dynamic = 'force-dynamic'

/** Whoever may read numbers gets these; content comes on top for those who may read it. */
export const GET = apiHandler<{ requestId: string }>('domains:read', async ({ request, actor, params }) => {
  const reach = await loadReach(actor)
  const facts = await withTitle(requireSeen(reach, await getRequest(params.requestId), 'request'), reach)
  const { requestId, domain } = facts
  if (!reach.mayReadBodies(domain)) return json(buildDetail(facts, await loadTimings(facts)))
  const view = { action: 'body.read', targetType: 'request', targetId: requestId, domain } as const
  await admitToBodies({ actor, request, reach }, view)
  return json(maskJson(buildDetail(facts, await loadContent(facts))))
})
