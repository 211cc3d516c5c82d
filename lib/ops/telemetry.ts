import { hostname } from 'node:os'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import type { Recorder } from '@/lib/recorder/recorder'
import type { LinkedRow } from '@/lib/recorder/request-row'
import { productVersion } from './version'
import { modelLabel } from './metrics'
import { OtlpHistogram, otlpAttributes } from './telemetry-otlp'
import { inputTokensOf, isChat, isFailed, spanOf } from './telemetry-span'

/** Where OpenTelemetry data goes, from the variables OTEL_EXPORTER_OTLP_*. */
interface TelemetryTarget {
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  readonly serviceName: string
  readonly version: string
}

interface Telemetry {
  /** Rows that were just recorded; keeps what is to be sent, and does no more. */
  note(rows: readonly LinkedRow[]): void
  /** Sends what is kept. Never throws: a collector that is away costs its data and a line in the log. */
  flush(): Promise<void>
}

const flushEveryMs = 10_000
const timeoutMs = 10_000
/** Beyond it spans are dropped: a collector must not take the proxy's memory. */
const maxSpans = 5_000

// The conventions' own boundaries.
const durationBounds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92]
const tokenBounds = Array.from({ length: 14 }, (_, power) => 4 ** power)

/** Sends what the recorder tells until `stop`; null without a collector: then nothing is collected at all. */
export function startTelemetry(recorder: Pick<Recorder, 'onRecorded'>): { stop(): Promise<void> } | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS, OTEL_SERVICE_NAME } = env()
  if (!endpoint) return null
  const headers = parseTelemetryHeaders(OTEL_EXPORTER_OTLP_HEADERS)
  const telemetry = makeTelemetry({ endpoint, headers, serviceName: OTEL_SERVICE_NAME, version: productVersion })
  const forget = recorder.onRecorded((rows) => telemetry.note(rows))
  const timer = setInterval(() => void telemetry.flush(), flushEveryMs).unref()
  return {
    stop() {
      forget()
      clearInterval(timer)
      return telemetry.flush()
    },
  }
}

/** Traces and metrics by the conventions for generative AI, sent as OTLP over HTTP in JSON. */
export function makeTelemetry(target: TelemetryTarget): Telemetry {
  const startMs = Date.now()
  const histograms = makeHistograms()
  let spans: object[] = []
  let dropped = 0
  const note = (rows: readonly LinkedRow[]) => {
    // A stranger names its domain and model freely.
    for (const row of rows.filter(({ domainId }) => domainId !== null)) {
      if (spans.length < maxSpans) spans.push(spanOf(row))
      else dropped += 1
      if (isChat(row)) histograms.record(row)
    }
  }
  const flush = async () => {
    const sent = spans
    if (sent.length === 0) return
    spans = []
    if (dropped > 0) log().warn({ dropped }, 'spans were dropped: the OpenTelemetry collector does not keep up')
    dropped = 0
    const resource = resourceOf(target)
    const scope = { name: 'nexus-proxy', version: target.version }
    const metrics = histograms.toOtlp(startMs, Date.now())
    await Promise.all([
      send(target, 'traces', { resourceSpans: [{ resource, scopeSpans: [{ scope, spans: sent }] }] }),
      send(target, 'metrics', { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics }] }] }),
    ])
  }
  return { note, flush }
}

function makeHistograms() {
  const tokens = new OtlpHistogram({ name: 'gen_ai.client.token.usage', unit: '{token}' }, tokenBounds)
  const duration = new OtlpHistogram({ name: 'gen_ai.client.operation.duration', unit: 's' }, durationBounds)
  const firstChunk = new OtlpHistogram(
    { name: 'gen_ai.client.operation.time_to_first_chunk', unit: 's' },
    durationBounds,
  )
  return {
    record(row: LinkedRow) {
      const facts = {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'anthropic',
        'gen_ai.request.model': modelLabel(row.model),
        'nexus.domain': row.domain,
      }
      const input = inputTokensOf(row)
      if (input !== null) tokens.record(input, { ...facts, 'gen_ai.token.type': 'input' })
      if (row.outputTokens !== null) tokens.record(row.outputTokens, { ...facts, 'gen_ai.token.type': 'output' })
      if (row.firstByteMs !== null) firstChunk.record(row.firstByteMs / 1000, facts)
      if (row.responseTimeMs === null) return
      duration.record(row.responseTimeMs / 1000, { ...facts, 'error.type': isFailed(row) ? row.outcome : null })
    },
    toOtlp: (startMs: number, nowMs: number) =>
      [tokens, duration, firstChunk].map((each) => each.toOtlp(startMs, nowMs)),
  }
}

function resourceOf({ serviceName, version }: TelemetryTarget): object {
  return {
    attributes: otlpAttributes({
      'service.name': serviceName,
      'service.version': version,
      'service.instance.id': `${hostname()}:${process.pid}`,
    }),
  }
}

async function send({ endpoint, headers }: TelemetryTarget, signalName: string, body: object): Promise<void> {
  try {
    const answer = await fetch(`${endpoint.replace(/\/+$/, '')}/v1/${signalName}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    await answer.body?.cancel()
    if (!answer.ok) log().warn({ status: answer.status }, `the OpenTelemetry collector refused ${signalName}`)
  } catch (error) {
    log().warn({ error }, `the OpenTelemetry collector did not take ${signalName}`)
  }
}

/** `key=value,key2=value2`, values percent-encoded, as the specification has it. */
export function parseTelemetryHeaders(text: string): Record<string, string> {
  const pairs = text.split(',').filter((pair) => pair.includes('='))
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]
    }),
  )
}
