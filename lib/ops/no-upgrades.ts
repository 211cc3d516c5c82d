import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Where Next listens itself it takes every call that offers another protocol (`Upgrade: h2c` of Java's client and of
 * `curl --http2`) and hangs up. A server without a listener for upgrades answers in HTTP/1.1 (RFC 9110 §7.8), so
 * Next's is taken away when a server gets its first connection. Returns how to stop. Not for `next dev`, whose pages
 * need it.
 */
export function refuseUpgrades(): () => void {
  const channel = 'net.server.socket'
  const seen = new WeakSet<Server>()
  const listen = (message: unknown) => {
    // Node sets it, its types do not know it.
    const { server } = (message as { socket: Socket & { server?: unknown } }).socket
    if (!(server instanceof Server) || seen.has(server)) return
    seen.add(server)
    server.removeAllListeners('upgrade')
  }
  subscribe(channel, listen)
  return () => void unsubscribe(channel, listen)
}
