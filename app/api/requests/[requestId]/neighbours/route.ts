import { json, readQuery } from '@/lib/http'
import { getRequest } from '@/lib/requests/get-request'
import { getNeighbours } from '@/lib/requests/list-requests'
import { requestFilterSchema } from '@/lib/requests/request-filter'
import { apiHandler } from '@/lib/users/access'
import { loadReach, narrowDomains, requireSeen } from '@/lib/users/reach'

export const dynamic = 'force-dynamic'

/** The requests just before and after this one within a filter. */
export const GET = apiHandler<{ requestId: string }>('domains:read', async ({ request, actor, params }) => {
  const reach = await loadReach(actor)
  const { requestId } = requireSeen(reach, await getRequest(params.requestId), 'request')
  const filter = readQuery(request, requestFilterSchema)
  return json(await getNeighbours(requestId, { ...filter, domain: narrowDomains(reach, filter.domain) }))
})
