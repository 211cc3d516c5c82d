import { exportSchema, exportThread } from '@/lib/conversations/export-thread'
import { getConversation } from '@/lib/conversations/get-conversation'
import { loadThread } from '@/lib/conversations/load-thread'
import { readQuery } from '@/lib/http'
import { maskJson } from '@/lib/privacy/mask-secrets'
import { apiHandler } from '@/lib/users/access'
import { countExport } from '@/lib/users/export-limit'
import { requireRecentProof } from '@/lib/users/recent-proof'
import { openBranch } from '../open-branch'

export const dynamic = 'force-dynamic'

export const GET = apiHandler<{ conversationId: string }>('bodies:read', async ({ request, actor, params }) => {
  const { format, branchId } = readQuery(request, exportSchema)
  await requireRecentProof(actor)
  countExport(actor)
  const { conversationId } = params
  const { tip, reach } = await openBranch({ actor, request }, { conversationId, branchId, action: 'body.export' })
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
