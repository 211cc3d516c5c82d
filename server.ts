import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import next from 'next'
import { EnvironmentError, env } from './lib/env'
import { log } from './lib/log'
import { answerBeforePages, apiCorsHeaders, askedOf, sendResponse } from './lib/ops/before-pages'
import { boot, type Booted } from './lib/ops/boot'
import { drain } from './lib/ops/drain'
import { serveMetrics } from './lib/ops/metrics-door'
import { serveExchange } from './lib/ops/node-door'
import { addPagePolicy } from './lib/ops/page-headers'
import { makePageLine } from './lib/ops/page-line'
import { pageTarget } from './lib/ops/page-target'
import { isServedBy, refuseForRole } from './lib/ops/role'
import { guardSilence, serverTimeouts } from './lib/ops/silent-clients'

// The self-hosted entry: /v1/* goes straight to the core (the fast lane), everything else to Next.

/** Next answers these with a redirect, which Claude's clients take for a failure; the core says 404. */
const redirectedByNext = /^[^?]*(\/\/|\\)/

/**
 * Next takes upgrades from here. With a listener of its on the real server node would hand it every call that offers
 * one, such as the first of each connection of Java's client (`Upgrade: h2c`), and Next hangs up.
 */
const unused = createServer()

async function main(): Promise<void> {
  const booted = await boot(new URL('./recorder-thread.mjs', import.meta.url))
  const { HOST, PORT, ROLE, publicUrl } = env()
  const app = next({ dev: false, hostname: HOST, port: PORT, customServer: true, httpServer: unused })
  await app.prepare()
  const servePage = app.getRequestHandler()
  const serveInLine = makePageLine()
  const route = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const target = message.url ?? '/'
    // RFC 9112: node keeps the first and says nothing, which a proxy in front may read differently.
    if ((message.headersDistinct.host?.length ?? 0) > 1)
      return void response.writeHead(400, { connection: 'close' }).end()
    // Whoever keeps a connection open shall take the next one elsewhere.
    if (booted.runtime.phase !== 'serving') response.setHeader('connection', 'close')
    if (!isServedBy(ROLE, target)) return sendResponse(refuseForRole(ROLE), response)
    if (target.startsWith('/v1/') || redirectedByNext.test(target))
      return serveExchange(message, response, booted.runtime.ports)
    message.url = pageTarget(target)
    const asked = askedOf(message)
    const answer = answerBeforePages(asked)
    if (answer) return sendResponse(answer, response)
    if (target === '/metrics') return serveMetrics(message, response)
    for (const [name, value] of apiCorsHeaders(asked)) response.setHeader(name, value)
    addPagePolicy(message, response)
    return serveInLine(message, response, () => servePage(message, response))
  }

  const server = createServer(serverTimeouts, (message, response) => {
    route(message, response).catch((error: unknown) => {
      log().error({ error }, 'a request failed')
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  guardSilence(server)
  server.once('error', (error: NodeJS.ErrnoException) => {
    const isTaken = error.code === 'EADDRINUSE'
    log().fatal(
      { error },
      isTaken ? `port ${PORT} is taken: end the other program, or set PORT` : 'nothing can listen there',
    )
    process.exit(1)
  })
  server.listen(PORT, HOST, () => {
    const bound = server.address()
    const port = typeof bound === 'object' && bound ? bound.port : PORT
    log().info({ port, host: HOST }, `Nexus Proxy is ready on ${publicUrl}`)
  })
  leaveOnSignals(server, booted)
  endOnUncaught()
}

/** Next would only log it and go on, in a state that nobody knows. The journal has what was accepted. */
function endOnUncaught(): void {
  process.on('uncaughtException', (error) => {
    log().fatal({ error }, 'an exception that nobody caught ends the process')
    process.exit(1)
  })
}

function leaveOnSignals(server: ReturnType<typeof createServer>, booted: Booted): void {
  let isLeaving = false
  const now = new AbortController()
  const leave = () => {
    // A second signal means now.
    if (isLeaving) return now.abort()
    isLeaving = true
    drain(server, booted.runtime, now.signal)
      .then(() => booted.close())
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        log().fatal({ error }, 'the shutdown failed')
        process.exit(1)
      })
  }
  process.on('SIGTERM', leave)
  process.on('SIGINT', leave)
}

main().catch((error: unknown) => {
  if (error instanceof EnvironmentError) process.stderr.write(`${error.message}\n`)
  else log().fatal({ error }, 'the start failed')
  process.exit(error instanceof EnvironmentError ? 78 : 1)
})
