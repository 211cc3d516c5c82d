import { z } from 'zod'
import { json, readQuery } from '@/lib/http'
import { instantSchema, longestRangeMs, readInstant } from '@/lib/time-range'
import { queryStats } from '@/lib/usage/query-stats'
import { apiHandler } from '@/lib/users/access'
import { loadReach, narrowDomains } from '@/lib/users/reach'

export const dynamic = 'force-dynamic'

const querySchema = z.object({ domain: z.string().max(253).optional(), since: instantSchema.optional() })

export const GET = apiHandler('domains:read', async ({ request, actor }) => {
  const { domain, since } = readQuery(request, querySchema)
  const to = new Date()
  const earliest = to.getTime() - longestRangeMs
  const from = new Date(Math.max((since ?? readInstant('-24h', to) ?? to).getTime(), earliest))
  return json(await queryStats({ from, to, domains: narrowDomains(await loadReach(actor), domain ? [domain] : []) }))
})
