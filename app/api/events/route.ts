import { addLiveTail } from '@/lib/ops/live-tails'
import { openEventStream } from '@/lib/requests/event-stream'
import { apiHandler, requireActor } from '@/lib/users/access'
import { isSeen, loadReach } from '@/lib/users/reach'

export const dynamic = 'force-dynamic'

export const GET = apiHandler('domains:read', async ({ request, actor }) => {
  let reach = await loadReach(actor)
  const lookAgain = async () => {
    reach = await loadReach(await requireActor(request, 'domains:read'))
  }
  const stream = openEventStream({
    sees: (recorded) => isSeen(reach, recorded),
    mayContinue: () => lookAgain().then(() => true, isNotRefused),
  })
  const forget = addLiveTail(() => stream.end())
  request.signal.addEventListener('abort', () => {
    forget()
    stream.end()
  })
  return new Response(stream.body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    },
  })
})

/** The database being away says nothing about the session. */
function isNotRefused(error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return code !== 'unauthenticated' && code !== 'forbidden'
}
