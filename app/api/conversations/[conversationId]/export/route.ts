import { z } from 'zod'
import { requireTip } from '@/lib/conversations/choose-tip'
import { exportFormats, exportThread } from '@/lib/conversations/export-thread'
import { getConversation } from '@/lib/conversations/get-conversation'
import { loadThread } from '@/lib/conversations/load-thread'
import { readQuery } from '@/lib/http'
import { maskJson } from '@/lib/privacy/mask-secrets'
import { apiHandler } from '@/lib/users/access'
import { admitToBodies } from '@/lib/users/body-views'
import { loadReach, requireSeen } from '@/lib/users/reach'
import { requireRecentProof } from '@/lib/users/recent-proof'

export const dynamic = 'force-dynamic'

const querySchema = z.object({
  format: z.enum(exportFormats, { error: `is one of ${exportFormats.join(', ')}` }),
  branchId: z.string().max(100, { error: 'is the id of a branch' }).optional(),
})

export const GET = apiHandler<{ conversationId: string }>('bodies:read', async ({ request, actor, params }) => {
  const { format, branchId } = readQuery(request, querySchema)
  await requireRecentProof(actor)
  const { conversationId } = params
  const reach = await loadReach(actor)
  const tip = requireSeen(reach, await requireTip(conversationId, branchId ?? null), 'conversation')
  const { domain } = tip
  await admitToBodies(
    { actor, request, reach },
    { action: 'body.export', targetType: 'conversation', targetId: conversationId, domain },
  )
  const conversation = await getConversation(conversationId, reach)
  const title = conversation?.title ?? 'Conversation'
  const file = exportThread(maskJson(await loadThread(tip.requestId)), { title, conversationId }, format)
  return new Response(file.text, {
    headers: {
      'content-type': file.contentType,
      'content-disposition': `attachment; filename="conversation-${conversationId.slice(0, 8)}.${file.extension}"`,
      'x-content-type-options': 'nosniff',
    },
  })
})
