import { metrics } from '@/lib/ops/metrics'
import { isMetricsToken } from '@/lib/ops/metrics-door'

export const dynamic = 'force-dynamic'

/** For hosts that run route handlers: the peer's address is unknown here, so only the token opens. */
export async function GET(request: Request): Promise<Response> {
  if (!isMetricsToken(request.headers.get('authorization'))) {
    return new Response('Unauthorized\n', { status: 401, headers: { 'www-authenticate': 'Bearer' } })
  }
  const { registry } = metrics()
  return new Response(await registry.metrics(), {
    headers: { 'content-type': registry.contentType, 'cache-control': 'no-store' },
  })
}
