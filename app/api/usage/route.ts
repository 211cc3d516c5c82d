import { json, readQuery } from '@/lib/http'
import { queryUsageBuckets } from '@/lib/usage/query-usage-buckets'
import { usageSchema } from '@/lib/usage/question-schemas'
import { apiHandler } from '@/lib/users/access'

/** Tokens, dollars and requests by time and, where asked, by group. */
export const GET = apiHandler('numbers:read', async ({ request }) =>
  json(await queryUsageBuckets(readQuery(request, usageSchema))),
)
