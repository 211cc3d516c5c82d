import { createHash } from 'node:crypto'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import type { ExchangeRecord } from './fake-claude-exchange'
import type { Call } from './fake-claude-answer'
import { readDelivery, Writer, type Coding } from './fake-claude-delivery'

const encoders: Record<Coding, (bytes: Buffer) => Buffer> = {
  gzip: (bytes) => gzipSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
}

export const errorTypes: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

interface ErrorBody {
  readonly type: 'error'
  readonly error: { readonly type: string; readonly message: string }
  readonly request_id: string
}

export function errorBody(record: ExchangeRecord, type: string, message: string): ErrorBody {
  return { type: 'error', error: { type, message }, request_id: record.requestId }
}

export async function sendJson(call: Call, status: number, value: object): Promise<void> {
  await sendBytes(call, { status, type: 'application/json', bytes: Buffer.from(JSON.stringify(value)) })
}

interface Plain {
  readonly status: number
  readonly type: string
  readonly bytes: Buffer
}

export async function sendBytes(call: Call, { status, type, bytes }: Plain): Promise<void> {
  const { coding, ...delivery } = readDelivery(call.params)
  const encoded = coding ? encoders[coding](bytes) : bytes
  call.record.response.status = status
  call.response.writeHead(status, {
    'content-type': type,
    'content-length': encoded.length,
    ...(coding ? { 'content-encoding': coding } : {}),
  })
  const writer = new Writer(call.response, call.record, { ...delivery, coding: null })
  if (call.record.method !== 'HEAD') await writer.write(encoded)
  await writer.end()
}

/** Headers of every answer of the API; limits and organisation depend on the credential, `?used-up=input-tokens` ends one. */
export function setApiHeaders(call: Call, credential: string): void {
  const { response, record } = call
  response.setHeader('request-id', record.requestId)
  response.setHeader('anthropic-organization-id', organizationOf(credential))
  const names = ['requests', 'tokens', 'input-tokens', 'output-tokens']
  for (const name of names) {
    response.setHeader(`anthropic-ratelimit-${name}-limit`, '4000')
    const isUsedUp = name === call.params.get('used-up')
    response.setHeader(`anthropic-ratelimit-${name}-remaining`, isUsedUp ? '0' : '3999')
    response.setHeader(`anthropic-ratelimit-${name}-reset`, new Date(Date.now() + 60_000).toISOString())
  }
  if (credential.startsWith('sk-ant-oat')) setUnifiedHeaders(call)
}

/** Windows of a claude.ai plan; `?5h=0.93` style parameters set the utilisation, `?rejected=7d_opus` uses one up. */
function setUnifiedHeaders({ response, params }: Call): void {
  const now = Math.floor(Date.now() / 1000)
  const set = (name: string, value: string) => response.setHeader(`anthropic-ratelimit-unified-${name}`, value)
  const rejected = params.get('rejected')
  set('status', rejected ? 'rejected' : 'allowed')
  set('representative-claim', 'five_hour')
  set('reset', String(now + 3600))
  for (const [window, seconds] of [
    ['5h', 3600],
    ['7d', 86_400],
  ] as const) {
    set(`${window}-status`, 'allowed')
    set(`${window}-utilization`, params.get(window) ?? '0.25')
    set(`${window}-reset`, String(now + seconds))
  }
  if (!rejected) return
  set(`${rejected}-status`, 'rejected')
  set(`${rejected}-utilization`, '1')
  set(`${rejected}-reset`, String(now + 86_400))
}

/** Stable per credential, so that a test sees which account paid. */
export function organizationOf(credential: string): string {
  const hex = createHash('sha256').update(credential).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
