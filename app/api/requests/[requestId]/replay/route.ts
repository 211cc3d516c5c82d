import { prisma } from '@/lib/prisma'
import { json, readJson, readQuery } from '@/lib/http'
import { replayRequest } from '@/lib/ops/replay'
import { estimateReplay, estimateSchema, replaySchema } from '@/lib/requests/estimate-replay'
import { getRequest } from '@/lib/requests/get-request'
import { currentPriceBook } from '@/lib/usage/current-price-book'
import { apiHandler } from '@/lib/users/access'
import { recordAudit } from '@/lib/users/audit'
import { doerOf } from '@/lib/users/doer'
import { loadReach, requireReadable, requireSeen } from '@/lib/users/reach'

export const dynamic = 'force-dynamic'

/** What it would cost. */
export const GET = apiHandler<{ requestId: string }>('requests:replay', async ({ request, actor, params }) => {
  const { model } = readQuery(request, estimateSchema)
  const facts = requireSeen(await loadReach(actor), await getRequest(params.requestId), 'request')
  return json(estimateReplay(facts, { model, book: await currentPriceBook(), at: new Date() }))
})

export const POST = apiHandler<{ requestId: string }>('requests:replay', async ({ request, actor, params }) => {
  const { model } = await readJson(request, replaySchema)
  const reach = await loadReach(actor)
  const { requestId, domain } = requireSeen(reach, await getRequest(params.requestId), 'request')
  requireReadable(reach, domain)
  const replay = await replayRequest({ requestId, model })
  const detail = { model, replay: replay.requestId, status: replay.status }
  const target = { targetType: 'request', targetId: requestId, detail }
  await recordAudit(prisma(), { ...doerOf(actor, request), action: 'request.replay', ...target })
  return json(replay, 202)
})
