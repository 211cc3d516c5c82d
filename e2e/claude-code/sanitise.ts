import { createHash } from 'node:crypto'
import type { FakeExchange } from '@/lib/testing/fake-claude'
import { ownResult, ownText } from './own-words'

/** A request of the real client with its shape kept and its prose replaced by ours, and the fake's answer to it. */
interface CapturedExchange {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly status: number | null
  /** The stream as sent, or the error. */
  readonly response: string
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const dropped = new Set(['authorization', 'x-api-key', 'host', 'connection', 'content-length'])

/** Names that differ from run to run, each replaced by a fixed one of the story, the same in all its fixtures. */
export class Names {
  private readonly known = new Map<string, string>()
  private readonly counts = new Map<string, number>()
  private readonly mark: string

  constructor(
    story: string,
    private readonly folders: Readonly<Record<string, string>>,
  ) {
    this.mark = createHash('sha256').update(story).digest('hex').slice(0, 4)
  }

  replaceIn(text: string): string {
    let result = text
    for (const [folder, name] of Object.entries(this.folders))
      result = result.replaceAll(folder, name).replaceAll(folder.replaceAll('/', '-'), name.replaceAll('/', '-'))
    return result
      .replace(/(?<![0-9a-f])[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])/g, (id) =>
        this.nameOf(id, 'uuid', (n) => `5e55${this.mark}-0000-4000-8000-${n.padStart(12, '0')}`),
      )
      .replace(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g, (id) => this.nameOf(id, 'device', (n) => n.padStart(64, 'd')))
      .replace(/\ba[0-9a-f]{16}\b/g, (id) => this.nameOf(id, 'agent', (n) => `a${this.mark}${n.padStart(12, '0')}`))
      .replace(/\b(msg|toolu|srvtoolu)_01[0-9a-f]{22}\b/g, (id, kind: string) =>
        this.nameOf(id, kind, (n) => `${kind}_01${this.mark}${n.padStart(18, '0')}`),
      )
      .replace(/\breq_fake(\d+)/g, `req_${this.mark}$1`)
  }

  private nameOf(id: string, kind: string, name: (count: string) => string): string {
    const known = this.known.get(id)
    if (known) return known
    const count = (this.counts.get(kind) ?? 0) + 1
    this.counts.set(kind, count)
    const given = name(String(count))
    this.known.set(id, given)
    return given
  }
}

export function sanitise(exchange: FakeExchange, names: Names): CapturedExchange {
  const { method, target, rawHeaders } = exchange
  const headers: Record<string, string> = {}
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (!dropped.has(name.toLowerCase())) headers[name] = names.replaceIn(rawHeaders[at + 1] ?? '')
  }
  const body = JSON.parse(exchange.body.toString()) as { [key: string]: Json }
  const ownBody: unknown = JSON.parse(names.replaceIn(JSON.stringify(ownWords(body))))
  const { status, body: response } = exchange.response
  return { method, target, headers, body: ownBody, status, response: names.replaceIn(response.toString()) }
}

/** Fields whose words are the client's. */
const rewritten: Readonly<Record<string, (value: Json) => Json>> = {
  messages: (value) => list(value).map(ownMessage),
  system: (value) => (typeof value === 'string' ? ownInstruction(value) : list(value).map(ownInstructionBlock)),
  tools: (value) => list(value).map(ownTool),
  safeguards: (value) => list(value).map((one) => ({ type: record(one).type ?? null })),
}

function ownWords(body: { [key: string]: Json }): Json {
  const entries = Object.entries(body)
  return Object.fromEntries(entries.map(([name, value]) => [name, rewritten[name]?.(value) ?? value]))
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

function record(value: Json | undefined): { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function ownInstructionBlock(value: Json): Json {
  const block = record(value)
  return { ...block, text: ownInstruction(String(block.text)) }
}

/** By their opening some calls are known. */
const told =
  /^(You are an agent for Claude Code|You are verifying a stop condition in Claude Code\.|You are a security monitor for autonomous AI coding agents\.)/

/** The attribution line and the identity tell requests apart; the rest is prose. */
function ownInstruction(text: string): string {
  if (text.startsWith('x-anthropic-billing-header:') || text.length < 120) return text
  return told.exec(text)?.[0] ?? 'Work with the user on the task.'
}

function ownTool(value: Json): Json {
  const tool = record(value)
  // A tool of the upstream has its name alone.
  if (!tool.input_schema) return tool
  const properties = record(record(tool.input_schema).properties)
  const types = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, { type: record(schema).type ?? 'object' }]),
  )
  return {
    ...tool,
    description: `What ${String(tool.name)} does.`,
    input_schema: { type: 'object', properties: types },
  }
}

function ownMessage(value: Json): Json {
  const message = record(value)
  const own = message.role === 'system' ? () => 'The environment, the tools and the agents.' : ownText
  if (typeof message.content === 'string') return { ...message, content: message.content && own(message.content) }
  return { ...message, content: list(message.content).map((block) => ownBlock(record(block), own)) }
}

function ownBlock(block: { [key: string]: Json }, own: (text: string) => string): Json {
  if (typeof block.text === 'string') return { ...block, text: own(block.text) }
  if (block.type !== 'tool_result') return block
  if (typeof block.content === 'string') return { ...block, content: ownResult(block.content) }
  return { ...block, content: list(block.content).map((part) => ownBlock(record(part), ownResult)) }
}
