import { json, readQuery } from '@/lib/http'
import { requireAccountWithUsage } from '@/lib/usage/query-token-usage'
import { queryBurners } from '@/lib/usage/query-window-detail'
import { burnersSchema } from '@/lib/usage/question-schemas'
import { planWindowMs } from '@/lib/usage/window-state'
import { apiHandler } from '@/lib/users/access'
import { mayDo } from '@/lib/users/permissions'

/** Who uses up a window of an account. */
export const GET = apiHandler<{ accountId: string }>('numbers:read', async ({ request, actor, params }) => {
  const { window } = readQuery(request, burnersSchema)
  await requireAccountWithUsage(params.accountId)
  const to = new Date()
  const from = new Date(to.getTime() - planWindowMs[window])
  const mayReadTitles = actor.role === null || mayDo(actor.role, 'bodies:read')
  const burners = await queryBurners({ accountId: params.accountId, from, to, mayReadTitles })
  return json({ accountId: params.accountId, window, from, to, ...burners })
})
