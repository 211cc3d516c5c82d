import { branchSchema } from '@/lib/conversations/choose-tip'
import { loadComposition } from '@/lib/conversations/load-composition'
import { json, readQuery } from '@/lib/http'
import { maskJson } from '@/lib/privacy/mask-secrets'
import { apiHandler } from '@/lib/users/access'
import { openBranch } from '../open-branch'

export const dynamic = 'force-dynamic'

export const GET = apiHandler<{ conversationId: string }>('bodies:read', async ({ request, actor, params }) => {
  const wanted = { ...params, ...readQuery(request, branchSchema), action: 'body.read' } as const
  const { tip } = await openBranch({ actor, request }, wanted)
  return json(maskJson(await loadComposition(tip.requestId)))
})
