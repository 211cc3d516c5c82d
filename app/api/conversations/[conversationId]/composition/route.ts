import { z } from 'zod'
import { requireTip } from '@/lib/conversations/choose-tip'
import { loadComposition } from '@/lib/conversations/load-composition'
import { json, readQuery } from '@/lib/http'
import { maskJson } from '@/lib/privacy/mask-secrets'
import { apiHandler } from '@/lib/users/access'
import { admitToBodies } from '@/lib/users/body-views'
import { loadReach, requireSeen } from '@/lib/users/reach'

export const dynamic = 'force-dynamic'

const querySchema = z.object({ branchId: z.string().max(100, { error: 'is the id of a branch' }).optional() })

export const GET = apiHandler<{ conversationId: string }>('bodies:read', async ({ request, actor, params }) => {
  const { branchId } = readQuery(request, querySchema)
  const reach = await loadReach(actor)
  const { conversationId } = params
  const tip = requireSeen(reach, await requireTip(conversationId, branchId ?? null), 'conversation')
  const view = {
    action: 'body.read',
    targetType: 'conversation',
    targetId: conversationId,
    domain: tip.domain,
  } as const
  await admitToBodies({ actor, request, reach }, view)
  return json(maskJson(await loadComposition(tip.requestId)))
})
