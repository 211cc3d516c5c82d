import { z } from 'zod'
import { prisma } from '@/lib/prisma'
import { json, readJson, readQuery } from '@/lib/http'
import { replayRequest } from '@/lib/ops/replay'
import { estimateReplay } from '@/lib/requests/estimate-replay'
import { getRequest } from '@/lib/requests/get-request'
import { currentPriceBook } from '@/lib/usage/current-price-book'
import { apiHandler } from '@/lib/users/access'
import { recordAudit } from '@/lib/users/audit'
import { doerOf } from '@/lib/users/doer'
import { loadReach, requireReadable, requireSeen } from '@/lib/users/reach'

export const dynamic = 'force-dynamic'

const modelSchema = z.string().trim().min(1).max(200, { error: 'is the name of a model' })

/** What it would cost. */
export const GET = apiHandler<{ requestId: string }>('requests:replay', async ({ request, actor, params }) => {
  const { model } = readQuery(request, z.object({ model: modelSchema.optional() }))
  const facts = requireSeen(await loadReach(actor), await getRequest(params.requestId), 'request')
  return json(estimateReplay(facts, { model, book: await currentPriceBook(), at: new Date() }))
})

export const POST = apiHandler<{ requestId: string }>('requests:replay', async ({ request, actor, params }) => {
  const { model } = await readJson(request, z.object({ model: modelSchema.nullable() }))
  const reach = await loadReach(actor)
  const { requestId, domain } = requireSeen(reach, await getRequest(params.requestId), 'request')
  requireReadable(reach, domain)
  const replay = await replayRequest({ requestId, model })
  const detail = { model, replay: replay.requestId, status: replay.status }
  const target = { targetType: 'request', targetId: requestId, detail }
  await recordAudit(prisma(), { ...doerOf(actor, request), action: 'request.replay', ...target })
  return json(replay, 202)
})
