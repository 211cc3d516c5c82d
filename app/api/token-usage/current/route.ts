import { json, readQuery } from '@/lib/http'
import { queryCurrentUsage, requireAccountWithUsage } from '@/lib/usage/query-token-usage'
import { currentSchema } from '@/lib/usage/question-schemas'
import { apiHandler } from '@/lib/users/access'

/** What an account used in the window that ends now. */
export const GET = apiHandler('numbers:read', async ({ request }) => {
  const { window, ...query } = readQuery(request, currentSchema)
  await requireAccountWithUsage(query.accountId)
  return json(await queryCurrentUsage({ ...query, windowMinutes: window, now: new Date() }))
})
