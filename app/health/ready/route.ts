import { json } from '@/lib/http'
import { readReadiness } from '@/lib/ops/health'

export const dynamic = 'force-dynamic'

export async function GET(): Promise<Response> {
  const readiness = await readReadiness()
  return json(readiness, readiness.ready ? 200 : 503)
}
