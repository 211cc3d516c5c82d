import { AppError } from '@/lib/errors'
import { readQuery } from '@/lib/http'
import { getRequest } from '@/lib/requests/get-request'
import { rawHeaders, rawSchema } from '@/lib/requests/raw-headers'
import { loadBody } from '@/lib/recorder/load-body'
import { apiHandler } from '@/lib/users/access'
import { admitToBodies } from '@/lib/users/body-views'
import { loadReach, requireReadable, requireSeen } from '@/lib/users/reach'
import { requireRecentProof } from '@/lib/users/recent-proof'

export const dynamic = 'force-dynamic'

/** The exact bytes. They are a stranger's: whatever their type says, they never run in this origin. */
export const GET = apiHandler<{ requestId: string; side: string }>(
  'bodies:read',
  async ({ request, actor, params }) => {
    const { requestId, side } = params
    if (side !== 'request' && side !== 'response') throw new AppError('not-found', 'There is no such body.')
    const reach = await loadReach(actor)
    const { domain } = requireSeen(reach, await getRequest(requestId), 'request')
    requireReadable(reach, domain)
    // Elsewhere secrets in what was said are masked; these are the bytes as they came.
    await requireRecentProof(actor)
    const body = await loadBody(requestId, side)
    if (!body) throw new AppError('not-found', 'This body was not kept.')
    const view = { action: 'body.download', targetType: 'request', targetId: requestId, domain } as const
    await admitToBodies({ actor, request, reach }, view)
    const isDownload = readQuery(request, rawSchema).download === '1'
    return new Response(new Uint8Array(body.bytes), { headers: rawHeaders(body, { requestId, side, isDownload }) })
  },
)
