import { doerOf } from '@/lib/users/doer'
import { clientKeyListSchema, createClientKey, listClientKeys, newClientKeySchema } from '@/lib/clients/client-keys'
import { json, readJson, readQuery } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { requireRecentProof } from '@/lib/users/recent-proof'

export const GET = apiHandler('numbers:read', async ({ request }) => {
  return json(await listClientKeys(readQuery(request, clientKeyListSchema)))
})

/** The answer is the only place where the key ever stands. */
export const POST = apiHandler('keys:write', async ({ request, actor }) => {
  const given = await readJson(request, newClientKeySchema)
  await requireRecentProof(actor)
  return json(await createClientKey(given, doerOf(actor, request)), 201)
})
