import { env } from '@/lib/env'
import { errorResponse, json, readJson } from '@/lib/http'
import { clientAddress } from '@/lib/users/client-address'
import { requireJson, requireSameOrigin } from '@/lib/users/same-origin'
import { ownerForm, setUpOwner } from '@/lib/users/set-up'

/** Makes the first user. Open while nobody exists, for who holds the token of the server's log; 404 for ever after. */
export async function POST(request: Request): Promise<Response> {
  try {
    requireSameOrigin(request, env().publicUrl)
    requireJson(request)
    await setUpOwner(await readJson(request, ownerForm), clientAddress(request.headers))
    return json({ created: true }, 201)
  } catch (error) {
    return errorResponse(error, request)
  }
}
