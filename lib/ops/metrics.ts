import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import { getPricedModel, priceBook } from '@/lib/claude/price-book'
import type { RequestRow } from '@/lib/recorder/request-row'
import { shared } from '@/lib/shared'

/** Names follow the field's habit: base units, `_total` for counters. Labels are bounded: never a text a client chose. */
interface Metrics {
  readonly registry: Registry
  /** Counts requests that were just recorded. */
  noteRecorded(rows: readonly RequestRow[]): void
  /** Seconds a call spent in the proxy before the upstream was asked. */
  noteOverhead(seconds: number): void
  /** A refused stranger that was not stored (see the budget of strangers). */
  noteUnrecorded(): void
}

const firstByteBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300]
const overheadBuckets = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5]
const durationBuckets = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]

/** The metrics of this process. */
export function metrics(): Metrics {
  return shared('metrics', makeMetrics)
}

function makeMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const { requests, tokens, cost, bytes, upstreamErrors, firstByte, duration, overhead, unrecorded } = makeInstruments([
    registry,
  ])

  const noteRow = (row: RequestRow) => {
    const { domain } = row
    const model = modelLabel(row.model)
    requests.inc({ domain, model, kind: row.kind, outcome: row.outcome, status: String(row.status ?? 'none') })
    tokens.inc({ domain, model, type: 'input' }, row.inputTokens ?? 0)
    tokens.inc({ domain, model, type: 'output' }, row.outputTokens ?? 0)
    tokens.inc({ domain, model, type: 'cache_creation' }, row.cacheCreationInputTokens ?? 0)
    tokens.inc({ domain, model, type: 'cache_read' }, row.cacheReadInputTokens ?? 0)
    if (row.costMicroUsd !== null)
      cost.inc({ domain, model, confidence: row.costConfidence }, Number(row.costMicroUsd) / 1e6)
    bytes.inc({ domain, side: 'request' }, row.requestBytes)
    bytes.inc({ domain, side: 'response' }, row.responseBytes)
    if (upstreamOutcomes.has(row.outcome)) upstreamErrors.inc({ type: errorLabel(row) })
    if (row.firstByteMs !== null) firstByte.observe({ model }, row.firstByteMs / 1000)
    if (row.responseTimeMs !== null) duration.observe({ model }, row.responseTimeMs / 1000)
  }
  return {
    registry,
    // A stranger names its domain and model freely: labels come from calls with a valid key only.
    noteRecorded: (rows) => rows.filter(({ domainId }) => domainId !== null).forEach(noteRow),
    noteOverhead: (seconds) => overhead.observe(seconds),
    noteUnrecorded: () => unrecorded.inc(),
  }
}

function makeInstruments(registers: Registry[]) {
  return {
    requests: new Counter({
      name: 'nexus_requests_total',
      help: 'Recorded requests',
      labelNames: ['domain', 'model', 'kind', 'outcome', 'status'],
      registers,
    }),
    tokens: new Counter({
      name: 'nexus_tokens_total',
      help: 'Tokens by kind',
      labelNames: ['domain', 'model', 'type'],
      registers,
    }),
    cost: new Counter({
      name: 'nexus_cost_usd_total',
      help: 'Dollars by the price book',
      labelNames: ['domain', 'model', 'confidence'],
      registers,
    }),
    bytes: new Counter({
      name: 'nexus_store_logical_bytes_total',
      help: 'Bytes of recorded bodies, as they were sent',
      labelNames: ['domain', 'side'],
      registers,
    }),
    upstreamErrors: new Counter({
      name: 'nexus_upstream_errors_total',
      help: 'Recorded requests that failed upstream, by the type Claude gave',
      labelNames: ['type'],
      registers,
    }),
    firstByte: new Histogram({
      name: 'nexus_time_to_first_byte_seconds',
      help: 'From the request line to the first byte of the answer',
      labelNames: ['model'],
      buckets: firstByteBuckets,
      registers,
    }),
    duration: new Histogram({
      name: 'nexus_request_duration_seconds',
      help: 'From the request line to the last byte of the answer',
      labelNames: ['model'],
      buckets: durationBuckets,
      registers,
    }),
    overhead: new Histogram({
      name: 'nexus_proxy_overhead_seconds',
      help: 'From the request line until the upstream is asked',
      buckets: overheadBuckets,
      registers,
    }),
    unrecorded: new Counter({
      name: 'nexus_unrecorded_refusals_total',
      help: 'Calls without a valid key beyond those that are stored',
      registers,
    }),
  }
}

const upstreamOutcomes = new Set<string>(['upstream_error', 'timeout'])

/** What Anthropic documents; an upstream may write what it likes. */
const errorTypes = new Set([
  ...['invalid_request_error', 'authentication_error', 'billing_error', 'permission_error', 'not_found_error'],
  ...['request_too_large', 'rate_limit_error', 'api_error', 'timeout_error', 'overloaded_error'],
])

function errorLabel({ errorType, outcome }: RequestRow): string {
  if (errorType === null) return outcome
  return errorTypes.has(errorType) ? errorType : 'other'
}

/** The priced model behind a name, `other` for a name the price book does not know, `none` where there is no model. */
export function modelLabel(model: string | null): string {
  if (model === null) return 'none'
  return getPricedModel(priceBook(), model)?.id ?? 'other'
}
