import { AppError } from '@/lib/errors'
import { getRequest } from '@/lib/requests/get-request'
import { rawHeaders } from '@/lib/requests/raw-headers'
import { loadBody } from '@/lib/recorder/load-body'
import { apiHandler } from '@/lib/users/access'

export const dynamic = 'force-dynamic'

/** The exact bytes. They are a stranger's: whatever their type says, they never run in this origin. */
export const GET = apiHandler<{ requestId: string; side: string }>('bodies:read', async ({ request, params }) => {
  const { requestId, side } = params
  if (side !== 'request' && side !== 'response') throw new AppError('not-found', 'There is no such body.')
  const facts = await getRequest(requestId)
  const body = facts && (await loadBody(requestId, side))
  if (!body) throw new AppError('not-found', facts ? 'This body was not kept.' : 'There is no such request.')
  const isDownload = new URL(request.url).searchParams.get('download') === '1'
  return new Response(new Uint8Array(body.bytes), { headers: rawHeaders(body, { requestId, side, isDownload }) })
})
