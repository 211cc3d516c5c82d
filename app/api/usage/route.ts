import { json, readQuery } from '@/lib/http'
import { queryUsageBuckets } from '@/lib/usage/query-usage-buckets'
import { usageSchema } from '@/lib/usage/question-schemas'
import { apiHandler } from '@/lib/users/access'
import { loadReach, narrowDomains } from '@/lib/users/reach'

/** Tokens, dollars and requests by time and, where asked, by group. */
export const GET = apiHandler('domains:read', async ({ request, actor }) => {
  const question = readQuery(request, usageSchema)
  const domain = narrowDomains(await loadReach(actor), question.domain)
  return json(await queryUsageBuckets({ ...question, domain }))
})
