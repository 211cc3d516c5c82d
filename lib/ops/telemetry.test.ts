import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { aRecordedRow } from '@/lib/testing/recorded-row'
import { makeTelemetry, parseTelemetryHeaders } from './telemetry'
import { OtlpHistogram } from './telemetry-otlp'
import { spanOf } from './telemetry-span'

interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let collector: Server | null = null
afterEach(() => collector?.close())

async function startCollector(status = 200): Promise<{ endpoint: string; received: Received[] }> {
  const received: Received[] = []
  collector = createServer((message, response) => {
    let body = ''
    message.on('data', (piece: Buffer) => (body += piece.toString()))
    message.on('end', () => {
      received.push({ path: message.url ?? '', headers: message.headers, body })
      response.writeHead(status).end('{}')
    })
  }).listen(0, '127.0.0.1')
  await once(collector, 'listening')
  return { endpoint: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`, received }
}

const targetOf = (endpoint: string) => ({ endpoint, headers: { 'x-team': 'a' }, serviceName: 'nexus', version: '1' })
const aCall = (columns = {}) => aRecordedRow({ domainId: '0192a1b2-0000-7000-8000-00000000000a', ...columns })

/** Attributes of a span or a point as a plain object. */
function plain(attributes: { key: string; value: Record<string, unknown> }[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]))
}

test('a request becomes a span with the names of the conventions, found by the id of the request', () => {
  const row = aCall({ requestId: '01a205c9-9f1e-740f-8813-cde945bc9182' })
  const span = spanOf(row) as { attributes: Parameters<typeof plain>[0] }
  expect(span).toMatchObject({
    traceId: '01a205c99f1e740f8813cde945bc9182',
    spanId: '8813cde945bc9182',
    name: 'chat claude-opus-5-5',
    startTimeUnixNano: '1795341600000000000',
    endTimeUnixNano: '1795341600900000000',
  })
  expect(plain(span.attributes)).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'anthropic',
    'gen_ai.request.model': 'claude-opus-5-5',
    'gen_ai.usage.input_tokens': '110',
    'gen_ai.usage.output_tokens': '5',
    'gen_ai.usage.cache_read.input_tokens': '100',
    'http.response.status_code': '200',
    'nexus.cost_usd': 0.001,
  })
  expect(span).not.toHaveProperty('status')
})

test('a failed request is an error span, another path has the name of its method', () => {
  const span = spanOf(aCall({ path: '/v1/models', method: 'GET', status: 529, errorType: 'overloaded_error' }))
  expect(span).toMatchObject({ name: 'GET', status: { code: 2 } })
  expect(JSON.stringify(span)).toContain('overloaded_error')
  expect(JSON.stringify(span)).not.toContain('gen_ai')
})

test('a histogram counts into the buckets of its bounds', () => {
  const histogram = new OtlpHistogram({ name: 'tokens', unit: '{token}' }, [1, 4, 16])
  for (const value of [1, 2, 4, 5, 100]) histogram.record(value, { model: 'a' })
  expect(histogram.toOtlp(0, 1)).toMatchObject({
    name: 'tokens',
    histogram: { dataPoints: [{ count: '5', sum: 112, bucketCounts: ['1', '2', '1', '1'] }] },
  })
})

test('traces and metrics reach the collector, with its headers', async () => {
  const { endpoint, received } = await startCollector()
  const telemetry = makeTelemetry(targetOf(endpoint))
  telemetry.note([aCall(), aCall()])
  await telemetry.flush()
  const byPath = new Map(received.map((each) => [each.path, each]))
  expect([...byPath.keys()].sort()).toEqual(['/v1/metrics', '/v1/traces'])
  expect(byPath.get('/v1/traces')?.headers['x-team']).toBe('a')
  const traces = JSON.parse(byPath.get('/v1/traces')?.body ?? '')
  expect(traces.resourceSpans[0].scopeSpans[0].spans).toHaveLength(2)
  expect(plain(traces.resourceSpans[0].resource.attributes)).toMatchObject({ 'service.name': 'nexus' })
  const metrics = JSON.parse(byPath.get('/v1/metrics')?.body ?? '').resourceMetrics[0].scopeMetrics[0].metrics
  expect(metrics.map(({ name }: { name: string }) => name)).toEqual([
    'gen_ai.client.token.usage',
    'gen_ai.client.operation.duration',
    'gen_ai.client.operation.time_to_first_chunk',
  ])
})

test('nothing is sent when nothing happened, and refused strangers are nothing', async () => {
  const { endpoint, received } = await startCollector()
  const telemetry = makeTelemetry(targetOf(endpoint))
  telemetry.note([aRecordedRow({ domainId: null })])
  await telemetry.flush()
  expect(received).toEqual([])
})

test('a collector that is away, or says no, disturbs nothing', async () => {
  const { endpoint } = await startCollector(503)
  const refused = makeTelemetry(targetOf(endpoint))
  refused.note([aCall()])
  await expect(refused.flush()).resolves.toBeUndefined()
  const away = makeTelemetry(targetOf('http://127.0.0.1:9'))
  away.note([aCall()])
  await expect(away.flush()).resolves.toBeUndefined()
})

test('headers for the collector are read as the specification has them', () => {
  expect(parseTelemetryHeaders('api-key=a%20b, x-team = core=1,nothing')).toEqual({
    'api-key': 'a b',
    'x-team': 'core=1',
  })
})
