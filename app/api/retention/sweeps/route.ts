import { doerOf } from '@/lib/users/doer'
import { json } from '@/lib/http'
import { startSweep } from '@/lib/retention/sweep'
import { apiHandler } from '@/lib/users/access'

/** Begins a sweep now; GET /api/retention tells of its end. */
export const POST = apiHandler('settings:write', async ({ request, actor }) => {
  await startSweep(doerOf(actor, request))
  return json({ isStarted: true }, 202)
})
