import { doerOf } from '@/lib/users/doer'
import { json, readJson } from '@/lib/http'
import { listRerates, newRerateSchema, startRerate } from '@/lib/usage/rerates'
import { apiHandler } from '@/lib/users/access'

export const GET = apiHandler('numbers:read', async () => json({ rerates: await listRerates() }))

/** Begins to price recorded requests again; the list tells how far it is. */
export const POST = apiHandler('settings:write', async ({ request, actor }) => {
  const { id, finished } = await startRerate(await readJson(request, newRerateSchema), doerOf(actor, request))
  // How it ends stands in the list and in the log.
  finished.catch(() => undefined)
  return json({ id }, 202)
})
