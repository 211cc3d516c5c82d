import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, startCluster, type Cluster } from './cluster'

let cluster: Cluster
let collector: Server
const received = new Map<string, string>()

beforeAll(async () => {
  cluster = await startCluster()
  collector = createServer((message, response) => {
    let body = ''
    message.on('data', (piece: Buffer) => (body += piece.toString()))
    message.on('end', () => {
      received.set(message.url ?? '', body)
      response.end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
})
afterAll(async () => {
  await cluster?.stop()
  collector?.close()
})

test('an OpenTelemetry collector gets the trace of every call, the last ones when the process leaves', async () => {
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  const app = await cluster.start('traced', { env: { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint } })
  const reply = await call(app.url, 'text').read()
  expect(await app.stop()).toBe(0)
  expect(received.get('/v1/traces')).toContain(reply.header('x-nexus-request-id')?.replaceAll('-', ''))
  expect(received.get('/v1/metrics')).toContain('gen_ai.client.token.usage')
})
