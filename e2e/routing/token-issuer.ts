import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** The place where logins get their next token. Like the real one it takes a refresh token once. */
export interface TokenIssuer {
  readonly url: string
  /** The refresh tokens that were brought, in order. */
  readonly brought: readonly string[]
  close(): Promise<void>
}

/** Long enough for a second process to come with the same token if it does not wait. */
const slowMs = 400

export async function startTokenIssuer(): Promise<TokenIssuer> {
  const brought: string[] = []
  const server = createServer(async (message, response) => {
    const pieces: Buffer[] = []
    for await (const piece of message) pieces.push(piece as Buffer)
    const { refresh_token: token } = JSON.parse(Buffer.concat(pieces).toString()) as { refresh_token: string }
    const isFirst = !brought.includes(token)
    brought.push(token)
    await delay(slowMs)
    const number = brought.length
    const next = {
      access_token: `sk-ant-oat01-issued-number-${number}`,
      refresh_token: `sk-ant-ort01-issued-number-${number}`,
      expires_in: 28_800,
    }
    response.writeHead(isFirst ? 200 : 400, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isFirst ? next : { error: 'invalid_grant' }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/oauth/token`,
    brought,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
