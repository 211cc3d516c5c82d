import { after } from 'next/server'
import { env } from '@/lib/env'
import { isServedBy, refuseForRole } from '@/lib/ops/role'
import { requireRuntime } from '@/lib/ops/runtime'
import { answerWebRequest } from '@/lib/ops/web-door'

// The Claude API for hosts that run route handlers; `npm start` serves the same core from server.ts.
export const dynamic = 'force-dynamic'
export const maxDuration = 800

function answer(request: Request): Response | Promise<Response> {
  const { JOURNAL, ROLE } = env()
  if (!isServedBy(ROLE, '/v1/')) return refuseForRole(ROLE)
  // Without a journal the host must not end the process before the record is in the database.
  if (!JOURNAL) after(() => requireRuntime().recorder.flush())
  return answerWebRequest(request)
}

export {
  answer as GET,
  answer as HEAD,
  answer as POST,
  answer as PUT,
  answer as PATCH,
  answer as DELETE,
  answer as OPTIONS,
}
