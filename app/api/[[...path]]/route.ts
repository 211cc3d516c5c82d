import { errorResponse, noSuchAddress } from '@/lib/http'

/** What no other route of the API answers: the same words to everybody, in the shape of every other error. */
async function refuse(request: Request): Promise<Response> {
  await request.body?.cancel()
  return errorResponse(noSuchAddress(), request)
}

export { refuse as DELETE, refuse as GET, refuse as OPTIONS, refuse as PATCH, refuse as POST, refuse as PUT }
