import { json, readQuery } from '@/lib/http'
import { requireAccountWithUsage } from '@/lib/usage/query-token-usage'
import { queryHeatMap, queryTimeline } from '@/lib/usage/query-window-detail'
import { windowDetailSchema } from '@/lib/usage/question-schemas'
import { apiHandler } from '@/lib/users/access'

/** The past of one account: its last windows, and when in the week it is used. */
export const GET = apiHandler<{ accountId: string }>('numbers:read', async ({ request, params }) => {
  const { tz } = readQuery(request, windowDetailSchema)
  await requireAccountWithUsage(params.accountId)
  const now = new Date()
  const [timeline, heatMap] = await Promise.all([
    queryTimeline(params.accountId, now),
    queryHeatMap(params.accountId, { now, timeZone: tz }),
  ])
  return json({ accountId: params.accountId, asOf: now, timeline, heatMap })
})
