import { json } from '@/lib/http'
import { queryExplorer } from '@/lib/usage/query-explorer'
import { readExplorerQuestion } from '@/lib/usage/read-explorer-question'
import { apiHandler } from '@/lib/users/access'

/** What the usage page draws, for the address it has. */
export const GET = apiHandler('numbers:read', async ({ request }) => {
  const query = Object.fromEntries(new URL(request.url).searchParams)
  return json(await queryExplorer(readExplorerQuestion(query, new Date())))
})
