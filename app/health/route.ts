import { json } from '@/lib/http'
import { readHealth } from '@/lib/ops/health'

export const dynamic = 'force-dynamic'

export async function GET(): Promise<Response> {
  const health = await readHealth()
  return json(health, health.status === 'unhealthy' ? 503 : 200)
}
