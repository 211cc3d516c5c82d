import { NextResponse, type NextRequest } from 'next/server'
import { env } from '@/lib/env'
import { answerBeforePages, apiCorsHeaders } from '@/lib/ops/before-pages'
import { isServedBy, refuseForRole } from '@/lib/ops/role'

/**
 * What server.ts does before Next, for hosts that run Next alone. Never for the Claude API: Next would keep its bodies
 * in memory and cut them at 10 MB. The name of the file is Next's.
 */
export function proxy(request: NextRequest): NextResponse | Response {
  const path = request.nextUrl.pathname
  const { ROLE } = env()
  if (!isServedBy(ROLE, path)) return refuseForRole(ROLE)
  const asked = { method: request.method, path, headers: [...request.headers] }
  const headers = apiCorsHeaders(asked).map(([name, value]): [string, string] => [name, value])
  return answerBeforePages(asked) ?? NextResponse.next({ headers })
}

/** server.ts, which has done all this, gives every page a nonce; to take it for theirs gains a stranger nothing. */
export const config = {
  matcher: [{ source: '/((?!v1/|_next/static/).*)', missing: [{ type: 'header', key: 'x-nonce' }] }],
}
