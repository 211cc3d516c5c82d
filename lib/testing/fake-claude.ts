import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { answerMessage, type Call } from './fake-claude-answer'
import { readMessagesBody } from './fake-claude-body'
import { FakeEndpoints, notFound } from './fake-claude-endpoints'
import { ExchangeRecord, type FakeExchange } from './fake-claude-exchange'
import { faults } from './fake-claude-faults'
import { errorBody, sendJson, setApiHeaders } from './fake-claude-replies'
import { hasTurn } from './fake-claude-turns'
import { sumUsage, type Truth } from './fake-claude-usage'

export type { FakeExchange } from './fake-claude-exchange'

/**
 * The Claude API on loopback: real sockets, scripted answers, and a record of every byte both ways.
 *
 * A scenario is written `name?param=value`. The first of these that is there decides:
 *   1. the request header `x-fake-scenario`
 *   2. `next(scenario)`: the next call that has no header
 *   3. `forCredential(credential, scenario)`: every call with that key or token
 *   4. a model called `fake-<scenario>`
 *   5. the endpoint's own answer; messages are played by `agentTurn` (fake-claude-agent.ts)
 *
 * Names: the turns of fake-claude-turns.ts, the faults of fake-claude-faults.ts, the short forms below.
 * Delivery parameters (any turn): ms, eol=lf|crlf|cr, split=bytes|<n>, encoding=gzip|br|deflate, after=<n events>,
 * cut=error|reset|fin|mid-event|hang. `cacheMiss=<reason>` for a caller who asks for diagnostics,
 * `prompt=<tokens>` for a prompt that counts as that long. `delay=<ms>` waits before the answer begins, for every scenario.
 */
export interface FakeClaude {
  readonly url: string
  readonly port: number
  /** Everything received since the start or the last reset, oldest first. */
  readonly requests: readonly FakeExchange[]
  /** Connections accepted since the start. */
  readonly connections: number
  next(scenario: string): void
  forCredential(credential: string, scenario: string | null): void
  /** What was charged for the messages that were answered to the end. */
  truth(): Truth
  /** Resolves with the first request that fits, received already or to come. */
  waitFor(fits: (exchange: FakeExchange) => boolean, timeoutMs?: number): Promise<FakeExchange>
  /** Forgets requests, queue and credentials' scenarios. */
  reset(): void
  close(): Promise<void>
}

const shortForms: Record<string, string> = {
  slow: 'text?ms=20&events=20',
  split: 'text?split=bytes',
  crlf: 'text?eol=crlf',
  cr: 'text?eol=cr',
  gzip: 'text?encoding=gzip',
  br: 'text?encoding=br',
  deflate: 'text?encoding=deflate',
  agentic: 'auto',
}

interface Scenario {
  readonly name: string
  readonly params: URLSearchParams
}

function readScenario(spec: string): Scenario {
  const [name = '', query = ''] = spec.split('?', 2)
  const [longName = '', longQuery = ''] = (shortForms[name] ?? name).split('?', 2)
  const params = new URLSearchParams(longQuery)
  for (const [key, value] of new URLSearchParams(query)) params.set(key, value)
  return { name: longName, params }
}

class Fake implements FakeClaude {
  requests: ExchangeRecord[] = []
  connections = 0
  private count = 0
  private queue: string[] = []
  private readonly byCredential = new Map<string, string>()
  private readonly waiting = new Set<() => void>()
  private readonly sockets = new Set<Socket>()
  private readonly endpoints = new FakeEndpoints()
  private readonly server = http.createServer({ keepAliveTimeout: 60_000 }, (incoming, response) => {
    void this.serve(incoming, response)
  })

  async listen(port: number): Promise<void> {
    this.server.on('connection', (socket: Socket) => {
      this.connections += 1
      this.sockets.add(socket)
      socket.once('close', () => this.sockets.delete(socket))
    })
    this.server.listen(port, '127.0.0.1')
    await once(this.server, 'listening')
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  next(scenario: string): void {
    this.queue.push(scenario)
  }

  forCredential(credential: string, scenario: string | null): void {
    if (scenario === null) this.byCredential.delete(credential)
    else this.byCredential.set(credential, scenario)
  }

  truth(): Truth {
    return sumUsage(this.requests)
  }

  async waitFor(fits: (exchange: FakeExchange) => boolean, timeoutMs = 10_000): Promise<FakeExchange> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const found = this.requests.find(fits)
      if (found) return found
      if (Date.now() >= deadline)
        throw new Error(`The fake saw no fitting request in ${timeoutMs} ms, only ${this.requests.length} others`)
      await this.change(deadline - Date.now())
    }
  }

  reset(): void {
    this.requests = []
    this.queue = []
    this.byCredential.clear()
  }

  async close(): Promise<void> {
    this.server.close()
    for (const socket of this.sockets) socket.destroy()
    if (this.server.listening) await once(this.server, 'close')
  }

  private change(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer)
        this.waiting.delete(done)
        resolve()
      }
      const timer = setTimeout(done, timeoutMs)
      this.waiting.add(done)
    })
  }

  private changed(): void {
    for (const wake of this.waiting) wake()
  }

  private async serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    this.count += 1
    const target = incoming.url ?? '/'
    const record = new ExchangeRecord({
      number: this.count,
      method: incoming.method ?? '',
      target,
      rawHeaders: incoming.rawHeaders,
    })
    this.requests.push(record)
    const gone = new AbortController()
    response.once('close', () => {
      if (!response.writableFinished) record.abortedAt = Date.now()
      gone.abort()
      this.changed()
    })
    this.changed()
    try {
      for await (const piece of incoming) record.add(piece as Buffer)
    } catch {
      // The peer left during its upload; the record says so.
      return
    }
    this.changed()
    await this.answer(record, response, gone.signal)
    this.changed()
  }

  private async answer(record: ExchangeRecord, response: ServerResponse, signal: AbortSignal): Promise<void> {
    const credential = credentialOf(record)
    const scenario = this.chooseScenario(record, credential)
    const call: Call = { record, response, signal, params: scenario?.params ?? new URLSearchParams() }
    if (record.path === '/' && record.method === 'HEAD') return answerEmpty(call)
    setApiHeaders(call, credential)
    const refusal = refuse(record, credential)
    if (refusal) return sendJson(call, refusal.status, errorBody(record, refusal.type, refusal.message))
    const delay = Number(call.params.get('delay') ?? 0)
    if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay))
    if (scenario) return this.play(call, scenario.name)
    if (!(await this.endpoints.answer(call))) await notFound(call)
  }

  private async play(call: Call, name: string): Promise<void> {
    const fault = faults[name]
    if (fault) return fault(call)
    if (hasTurn(name)) return answerMessage(call, name)
    await sendJson(call, 400, errorBody(call.record, 'invalid_request_error', `The fake knows no scenario ${name}.`))
  }

  private chooseScenario(record: ExchangeRecord, credential: string): Scenario | null {
    if (!record.path.startsWith('/v1/')) return null
    const model = record.path === '/v1/messages' ? readMessagesBody(record.body)?.model : undefined
    const spec =
      record.header('x-fake-scenario') ??
      this.queue.shift() ??
      this.byCredential.get(credential) ??
      (typeof model === 'string' && model.startsWith('fake-') ? model.slice('fake-'.length) : null)
    return spec === null ? null : readScenario(spec)
  }
}

function answerEmpty(call: Call): void {
  call.record.response.status = 200
  call.record.response.finished = true
  call.response.writeHead(200).end()
}

function credentialOf(record: ExchangeRecord): string {
  return record.header('x-api-key') ?? record.header('authorization')?.replace(/^Bearer /i, '') ?? ''
}

/** What the API asks of every call. */
function refuse(record: ExchangeRecord, credential: string): { status: number; type: string; message: string } | null {
  if (record.path === '/v1/oauth/token') return null
  if (!credential.startsWith('sk-ant-'))
    return { status: 401, type: 'authentication_error', message: 'invalid x-api-key' }
  const isOauth = credential.startsWith('sk-ant-oat')
  if (isOauth && !record.headerValues('anthropic-beta').join(',').includes('oauth-2025-04-20')) {
    return { status: 401, type: 'authentication_error', message: 'OAuth authentication is currently not supported.' }
  }
  if (record.header('anthropic-version') === null) {
    return { status: 400, type: 'invalid_request_error', message: 'anthropic-version: header is required' }
  }
  return null
}

/** Starts the fake on 127.0.0.1; port 0 takes a free one. */
export async function startFakeClaude({ port = 0 }: { port?: number } = {}): Promise<FakeClaude> {
  const fake = new Fake()
  await fake.listen(port)
  return fake
}
