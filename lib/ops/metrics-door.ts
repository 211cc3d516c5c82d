import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { env } from '@/lib/env'
import { metrics } from './metrics'

const digest = (text: string) => createHash('sha256').update(text).digest()

/** Whether the bearer token is METRICS_TOKEN; without one configured nobody's is. */
export function isMetricsToken(authorization: string | null | undefined): boolean {
  const expected = env().METRICS_TOKEN
  const given = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1]
  return Boolean(expected && given) && timingSafeEqual(digest(given ?? ''), digest(expected ?? ''))
}

const loopback = /^(::ffff:)?127\.|^::1$/
const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

/** A call from this very machine, and not through a reverse proxy on it: that one relays anybody. */
function isLocal(message: IncomingMessage): boolean {
  const isRelayed = forwardingHeaders.some((name) => message.headers[name] !== undefined)
  return !isRelayed && loopback.test(message.socket.remoteAddress ?? '')
}

/** GET /metrics of the self-hosted server, which sees the peer's address. */
export async function serveMetrics(message: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!isLocal(message) && !isMetricsToken(message.headers.authorization)) {
    response.writeHead(401, { 'www-authenticate': 'Bearer', 'content-type': 'text/plain' }).end('Unauthorized\n')
    return
  }
  const { registry } = metrics()
  const text = await registry.metrics()
  response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' }).end(text)
}
