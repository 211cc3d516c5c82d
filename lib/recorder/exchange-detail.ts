import { LRUCache } from 'lru-cache'
import type { ListNode } from '@/lib/blocks/body-node'
import { SectionBuilder } from '@/lib/blocks/section-builder'
import type { BlockSink } from '@/lib/blocks/sink'
import type { Attempt, Decision, HeaderList } from '@/lib/proxy/ports'
import type { Arrival, BodyDrop, Exchange } from './exchange'

/** What is known of an exchange besides its row and its bodies. */
export interface ExchangeDetail {
  /** Path and query as sent. */
  readonly target: string
  readonly receivedHeaders: HeaderList
  readonly forwardedHeaders: HeaderList
  readonly responseHeaders: HeaderList
  readonly attempts: readonly Attempt[]
  /** Why no account, or no further one, was asked; null = none was looked for. */
  readonly noAccount: Decision | null
  /** Pieces of the response; those that came within a moment of each other are one. */
  readonly arrivals: readonly Arrival[]
  /** Why a body is missing. */
  readonly requestDrop: BodyDrop | null
  readonly responseDrop: BodyDrop | null
}

const momentMs = 25
/** These are different in every exchange; the rest of the headers is usually not, and is stored once. */
const volatileHeaders = new Set([
  'age',
  'cf-ray',
  'content-length',
  'date',
  'idempotency-key',
  'request-id',
  'retry-after',
  'server-timing',
  'traceparent',
  'x-client-request-id',
  'x-envoy-upstream-service-time',
  'x-nexus-request-id',
  'x-request-id',
  'x-stainless-retry-count',
])
const volatilePrefixes = ['anthropic-ratelimit-', 'anthropic-priority-', 'anthropic-fast-', 'x-claude-code-p']
/** Never stored, whoever let them through. */
const secretHeaders = new Set([
  'authorization',
  'x-api-key',
  'cookie',
  'set-cookie',
  'proxy-authorization',
  'x-dashboard-key',
])

/** A header with its value, or without where that stands in the list of volatile values. */
type HeaderShape = readonly [name: string, value?: string]

type StoredArrivals = readonly [deltas: readonly number[], lengths: readonly number[]]

interface StoredDetail {
  readonly received: readonly HeaderShape[]
  /** A number stands for the received header at that place. */
  readonly forwarded: readonly (HeaderShape | number)[]
  readonly returned: readonly HeaderShape[]
  /** Values left out of the three lists, in order. */
  readonly values: readonly string[]
  readonly target: string
  readonly attempts: readonly Attempt[]
  readonly noAccount?: Decision
  /** Of each the milliseconds since the one before, and the length; or, as it was once, all in one list by turns. */
  readonly arrivals: StoredArrivals | readonly number[]
  readonly drops: readonly [request: BodyDrop | null, response: BodyDrop | null]
}

/** The detail as a recipe: header lists that repeat become blocks. */
export function splitDetail(exchange: Exchange, sink: BlockSink): ListNode {
  const { begin, end, arrivals, requestDrop, responseDrop } = exchange
  const values: string[] = []
  const shape = (headers: HeaderList) => headers.map(([name, value]) => shapeOf(name, value, values))
  const detail: StoredDetail = {
    received: shape(begin.requestHeaders),
    forwarded: shapeForwarded(begin.requestHeaders, end.forwardedHeaders, values),
    returned: shape(end.responseHeaders),
    values,
    target: begin.target,
    attempts: end.attempts,
    ...(end.noAccount && { noAccount: end.noAccount }),
    arrivals: deltasOf(arrivals),
    drops: [requestDrop, responseDrop],
  }
  return splitSections(detail, sink)
}

function splitSections(detail: StoredDetail, sink: BlockSink): ListNode {
  const members = Object.entries(detail).map(([name, value], index) =>
    Buffer.from(`${index ? ',' : '{'}${JSON.stringify(name)}:${JSON.stringify(value)}`),
  )
  const bytes = Buffer.concat([...members, Buffer.from('}')])
  const builder = new SectionBuilder(bytes, sink)
  let at = 0
  let known = builder.skipKnown()
  for (const member of members) {
    at += member.length
    if (known && at <= known.at) continue
    builder.mayEndSection({ at, shape: 0 })
    known = builder.skipKnown()
  }
  return builder.finish()
}

export function readDetail(bytes: Buffer): ExchangeDetail {
  const stored = JSON.parse(bytes.toString()) as StoredDetail
  const values = stored.values[Symbol.iterator]()
  const unshape = ([name, value]: HeaderShape) => [name, value ?? values.next().value ?? ''] as const
  const receivedHeaders = stored.received.map(unshape)
  const forwardedHeaders = stored.forwarded.map((header) =>
    typeof header === 'number' ? (receivedHeaders[header] ?? (['', ''] as const)) : unshape(header),
  )
  return {
    target: stored.target,
    receivedHeaders,
    forwardedHeaders,
    responseHeaders: stored.returned.map(unshape),
    attempts: stored.attempts,
    noAccount: stored.noAccount ?? null,
    arrivals: arrivalsOf(stored.arrivals),
    requestDrop: stored.drops[0],
    responseDrop: stored.drops[1],
  }
}

type Treatment = 'keep' | 'volatile' | 'secret'
/** By the name as it was spelled: the same few dozen names come again and again. */
const treatments = new LRUCache<string, Treatment>({ max: 1_000 })

function treatmentOf(name: string): Treatment {
  const known = treatments.get(name)
  if (known) return known
  const lower = name.toLowerCase()
  const isVolatile = volatileHeaders.has(lower) || volatilePrefixes.some((prefix) => lower.startsWith(prefix))
  const treatment = secretHeaders.has(lower) ? 'secret' : isVolatile ? 'volatile' : 'keep'
  treatments.set(name, treatment)
  return treatment
}

function shapeOf(name: string, value: string, values: string[]): HeaderShape {
  const treatment = treatmentOf(name)
  if (treatment === 'secret') return [name, '[removed]']
  if (treatment === 'keep') return [name, value]
  values.push(value)
  return [name]
}

function shapeForwarded(received: HeaderList, forwarded: HeaderList, values: string[]): (HeaderShape | number)[] {
  const places = new Map(received.map(([name, value], index) => [`${name}\0${value}`, index]))
  return forwarded.map(([name, value]) => places.get(`${name}\0${value}`) ?? shapeOf(name, value, values))
}

function deltasOf(arrivals: readonly Arrival[]): StoredArrivals {
  const deltas: number[] = []
  const lengths: number[] = []
  let previousMs = 0
  let startMs = -Infinity
  for (const { offsetMs, byteLength } of arrivals) {
    const last = lengths.length - 1
    if (offsetMs - startMs < momentMs) lengths[last] = (lengths[last] ?? 0) + byteLength
    else {
      const delta = Math.round(offsetMs - previousMs)
      deltas.push(delta)
      lengths.push(byteLength)
      startMs = offsetMs
      previousMs += delta
    }
  }
  return [deltas, lengths]
}

function arrivalsOf(stored: StoredDetail['arrivals']): Arrival[] {
  const [deltas, lengths] = isPair(stored) ? stored : byTurns(stored)
  let offsetMs = 0
  return deltas.map((delta, index) => ({ offsetMs: (offsetMs += delta), byteLength: lengths[index] ?? 0 }))
}

function isPair(stored: StoredDetail['arrivals']): stored is StoredArrivals {
  return Array.isArray(stored[0])
}

function byTurns(numbers: readonly number[]): StoredArrivals {
  const every = (rest: number) => numbers.filter((_number, index) => index % 2 === rest)
  return [every(0), every(1)]
}
