import { z } from 'zod'
import { withTitles } from '@/lib/conversations/load-titles'
import { json, readQuery } from '@/lib/http'
import { isUuid } from '@/lib/ids'
import { listRequests } from '@/lib/requests/list-requests'
import { requestListSchema } from '@/lib/requests/request-filter'
import { apiHandler } from '@/lib/users/access'
import { loadReach, narrowDomains } from '@/lib/users/reach'

export const dynamic = 'force-dynamic'

const querySchema = requestListSchema.extend({
  limit: z.coerce.number({ error: 'is a whole number from 1 to 200' }).int().min(1).max(200).default(50),
  cursor: z.string().toLowerCase().refine(isUuid, { error: 'is the nextCursor of the page before' }).optional(),
})

export const GET = apiHandler('domains:read', async ({ request, actor }) => {
  const { limit, cursor, sort, ...filter } = readQuery(request, querySchema)
  const reach = await loadReach(actor)
  const domain = narrowDomains(reach, filter.domain)
  const page = await listRequests({ ...filter, domain }, { limit, cursor, sort })
  return json({ ...page, requests: await withTitles(page.requests, reach) })
})
