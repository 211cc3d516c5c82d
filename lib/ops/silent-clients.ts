import type { Server } from 'node:http'

/** How long a client may take over what it sends, and how long a connection waits for its next call. */
export const serverTimeouts = {
  keepAliveTimeout: 75_000,
  headersTimeout: 15_000,
  requestTimeout: 300_000,
  // Heads that come drop by drop are looked for this often; every 30 s by default.
  connectionsCheckingInterval: 5_000,
}

const silentMs = 30_000

/**
 * Cuts connections on which nothing comes: before a call, and in the middle of its body. While an answer is
 * awaited, silence is no fault. Node's own limits know neither.
 */
export function guardSilence(server: Server, afterMs = silentMs): void {
  server.on('connection', (socket) => socket.setTimeout(afterMs, () => socket.destroy()))
  server.on('request', (message) => {
    const { headers, socket } = message
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
    socket.setTimeout(hasBody ? afterMs : 0)
    if (hasBody) message.once('end', () => socket.setTimeout(0))
  })
}
