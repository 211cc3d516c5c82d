import { z } from 'zod'
import { json, readQuery } from '@/lib/http'
import { queryTokenStats } from '@/lib/usage/query-token-stats'
import { apiHandler } from '@/lib/users/access'

export const dynamic = 'force-dynamic'

const querySchema = z.object({ domain: z.string().max(253).optional() })

export const GET = apiHandler('numbers:read', async ({ request }) =>
  json(await queryTokenStats(readQuery(request, querySchema).domain)),
)
