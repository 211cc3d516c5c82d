import { json, readQuery } from '@/lib/http'
import { queryDailyUsage, requireAccountWithUsage } from '@/lib/usage/query-token-usage'
import { dailySchema } from '@/lib/usage/question-schemas'
import { apiHandler } from '@/lib/users/access'

/** What an account used day by day, newest first. */
export const GET = apiHandler('numbers:read', async ({ request }) => {
  const { aggregate, tz, ...query } = readQuery(request, dailySchema)
  await requireAccountWithUsage(query.accountId)
  return json({ usage: await queryDailyUsage({ ...query, isAggregated: aggregate, timeZone: tz, now: new Date() }) })
})
