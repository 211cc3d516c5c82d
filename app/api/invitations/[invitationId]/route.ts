import { json } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { doerOf } from '@/lib/users/doer'
import { withdrawInvitation } from '@/lib/users/invitations'

export const DELETE = apiHandler<{ invitationId: string }>('users:write', async ({ request, actor, params }) => {
  await withdrawInvitation(params.invitationId, doerOf(actor, request))
  return json({ withdrawn: params.invitationId })
})
