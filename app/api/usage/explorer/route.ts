import { json } from '@/lib/http'
import { queryExplorer } from '@/lib/usage/query-explorer'
import { readExplorerQuestion } from '@/lib/usage/read-explorer-question'
import { apiHandler } from '@/lib/users/access'
import { loadReach, narrowDomains } from '@/lib/users/reach'

/** What the usage page draws, for the address it has. */
export const GET = apiHandler('domains:read', async ({ request, actor }) => {
  const query = Object.fromEntries(new URL(request.url).searchParams)
  const question = readExplorerQuestion(query, new Date())
  const domain = narrowDomains(await loadReach(actor), question.filter.domain)
  return json(await queryExplorer({ ...question, filter: { ...question.filter, domain } }))
})
