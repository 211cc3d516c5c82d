import { loadTitles } from '@/lib/conversations/load-titles'
import { json, readQuery } from '@/lib/http'
import { requireAccountWithUsage } from '@/lib/usage/query-token-usage'
import { queryBurners } from '@/lib/usage/query-window-detail'
import { burnersSchema } from '@/lib/usage/question-schemas'
import { planWindowMs } from '@/lib/usage/window-state'
import { apiHandler } from '@/lib/users/access'
import { loadReach } from '@/lib/users/reach'

/** Who uses up a window of an account. */
export const GET = apiHandler<{ accountId: string }>('numbers:read', async ({ request, actor, params }) => {
  const { window } = readQuery(request, burnersSchema)
  await requireAccountWithUsage(params.accountId)
  const to = new Date()
  const from = new Date(to.getTime() - planWindowMs[window])
  const { keys, conversations } = await queryBurners({ accountId: params.accountId, from, to })
  // The title of a conversation is what somebody wrote.
  const titles = await loadTitles(
    conversations.map((one) => one.conversationId),
    await loadReach(actor),
  )
  const titled = conversations.map((one) => ({ ...one, title: titles.get(one.conversationId) ?? null }))
  return json({ accountId: params.accountId, window, from, to, keys, conversations: titled })
})
