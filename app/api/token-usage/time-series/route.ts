import { json, readQuery } from '@/lib/http'
import { queryTimeSeries, requireAccountWithUsage } from '@/lib/usage/query-token-usage'
import { timeSeriesSchema } from '@/lib/usage/question-schemas'
import { apiHandler } from '@/lib/users/access'

/** What an account used in equal steps. */
export const GET = apiHandler('numbers:read', async ({ request }) => {
  const { accountId, window, interval } = readQuery(request, timeSeriesSchema)
  await requireAccountWithUsage(accountId)
  const question = { accountId, windowHours: window, intervalMinutes: interval, now: new Date() }
  return json(await queryTimeSeries(question))
})
