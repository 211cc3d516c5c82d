import type { IncomingMessage } from 'node:http'
import { isIP, type BlockList } from 'node:net'
import { readAllowedNetworks } from '@/lib/accounts/upstream-address'
import { env } from '@/lib/env'
import { shared } from '@/lib/shared'

const trustedProxies = () => shared('trusted-proxies', () => readAllowedNetworks(env().TRUSTED_PROXIES))

/**
 * Who called: the peer of the connection, or, when that is a proxy we trust, whom it and the trusted ones before it
 * name. What anybody else writes into `x-forwarded-for` counts for nothing.
 */
export function peerAddress(message: IncomingMessage): string {
  const forwarded = String(message.headers['x-forwarded-for'] ?? '').split(',')
  const hops = [...forwarded.map(plainAddress), plainAddress(message.socket.remoteAddress ?? '')]
  return chooseAddress(hops, trustedProxies())
}

/** Pure: the last hop that is not trusted; when all are, the first. `hops` come in the order they were passed. */
export function chooseAddress(hops: readonly string[], trusted: BlockList): string {
  const known = hops.slice(hops.findLastIndex((hop) => isIP(hop) === 0) + 1)
  return known.findLast((hop) => !isTrusted(hop, trusted)) ?? known[0] ?? 'unknown'
}

const isTrusted = (hop: string, trusted: BlockList) => trusted.check(hop, isIP(hop) === 6 ? 'ipv6' : 'ipv4')

/** `::ffff:10.0.0.1` is 10.0.0.1. */
const plainAddress = (text: string) => text.trim().replace(/^::ffff:(?=\d+\.)/i, '')
