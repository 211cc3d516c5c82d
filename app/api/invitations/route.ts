import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { doerOf } from '@/lib/users/doer'
import { createInvitation, listInvitations, newInvitationSchema } from '@/lib/users/invitations'
import { requireRecentProof } from '@/lib/users/recent-proof'

export const GET = apiHandler('users:write', async () => json({ invitations: await listInvitations() }))

/** The answer is the only place where the link ever stands. */
export const POST = apiHandler('users:write', async ({ request, actor }) => {
  const given = await readJson(request, newInvitationSchema)
  await requireRecentProof(actor)
  return json(await createInvitation(given, doerOf(actor, request)), 201)
})
