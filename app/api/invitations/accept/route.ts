import { env } from '@/lib/env'
import { errorResponse, json, readJson } from '@/lib/http'
import { clientAddress } from '@/lib/users/client-address'
import { acceptanceSchema, acceptInvitation } from '@/lib/users/invitations'
import { requireJson, requireSameOrigin } from '@/lib/users/same-origin'

/** Makes the user whom an invitation is for. Open to who holds its token, once. */
export async function POST(request: Request): Promise<Response> {
  try {
    requireSameOrigin(request, env().publicUrl)
    requireJson(request)
    await acceptInvitation(await readJson(request, acceptanceSchema), clientAddress(request.headers))
    return json({ created: true }, 201)
  } catch (error) {
    return errorResponse(error, request)
  }
}
