import type { IncomingMessage, ServerResponse } from 'node:http'
import { Gate } from '@/lib/gate'

/** Pages are made in this thread: of many at once each would hold up the streams a little, and all of them a lot. */
const atOnce = 2
/** Who takes longer than this waits for the database, mostly, or for a slow reader, and gives up its place. */
const placeMs = 250
/** What costs next to nothing, goes on for hours or has a line of its own, and what clients of the Claude API ask for. */
const passesBy = /^\/(_next\/static\/|health|api\/(hello|event_logging|events|auth))/

/**
 * Serves pages and the data in them a few at a time; resolves when this one is served. What sends a body passes by:
 * strangers could send theirs slowly, and the line would wait for them.
 */
export function makePageLine() {
  const line = new Gate(atOnce)
  return async (message: IncomingMessage, response: ServerResponse, serve: () => Promise<void>): Promise<void> => {
    if (message.method !== 'GET' || passesBy.test(message.url ?? '/')) return serve()
    let served = Promise.resolve()
    await line.pass(async () => {
      // Whoever left while it waited needs no page.
      if (response.destroyed) return
      served = serve()
      await settledOrLate(served)
    })
    await served
  }
}

async function settledOrLate(work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, placeMs)))
  await Promise.race([work.catch(() => undefined), late])
  clearTimeout(timer)
}
