import { z } from 'zod'
import { requireTip } from '@/lib/conversations/choose-tip'
import { loadThread } from '@/lib/conversations/load-thread'
import { json, readQuery } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

export const dynamic = 'force-dynamic'

const querySchema = z.object({ branchId: z.string().max(100, { error: 'is the id of a branch' }).optional() })

export const GET = apiHandler<{ conversationId: string }>('bodies:read', async ({ request, params }) => {
  const { branchId } = readQuery(request, querySchema)
  const tip = await requireTip(params.conversationId, branchId ?? null)
  return json({ branchId: tip.branchId, ...(await loadThread(tip.requestId)) })
})
