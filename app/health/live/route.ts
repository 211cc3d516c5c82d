import { json } from '@/lib/http'

export const dynamic = 'force-dynamic'

/** Answers as long as the event loop turns. */
export function GET(): Response {
  return json({ alive: true })
}
