import type { FakeExchange } from '@/lib/testing/fake-claude'

/** A request of the real client with its shape kept and its prose replaced by ours, and the fake's answer to it. */
export interface CapturedExchange {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly status: number | null
  /** The stream as sent, or the error. */
  readonly response: string
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const dropped = new Set(['authorization', 'host', 'connection', 'content-length'])

/** Names that differ from run to run, each replaced by a fixed one, the same in every fixture. */
export class Names {
  private readonly known = new Map<string, string>()
  private readonly counts = new Map<string, number>()

  constructor(private readonly folders: Readonly<Record<string, string>>) {}

  replaceIn(text: string): string {
    let result = text
    for (const [folder, name] of Object.entries(this.folders))
      result = result.replaceAll(folder, name).replaceAll(folder.replaceAll('/', '-'), name.replaceAll('/', '-'))
    return result
      .replace(/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, (id) =>
        this.nameOf(id, 'uuid', (n) => `5e551000-0000-4000-8000-${n.padStart(12, '0')}`),
      )
      .replace(/\b[0-9a-f]{64}\b/g, (id) => this.nameOf(id, 'device', (n) => n.padStart(64, 'd')))
      .replace(/\ba[0-9a-f]{16}\b/g, (id) => this.nameOf(id, 'agent', (n) => `a${n.padStart(16, '0')}`))
      .replace(/\btoolu_01[0-9a-f]{22}\b/g, (id) => this.nameOf(id, 'tool', (n) => `toolu_01${n.padStart(22, '0')}`))
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

function ownWords(body: { [key: string]: Json }): Json {
  return {
    ...body,
    ...(body.messages ? { messages: list(body.messages).map(ownMessage) } : {}),
    ...ownInstructions(body),
  }
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : []
}

function record(value: Json | undefined): { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

function ownInstructions(body: { [key: string]: Json }): { [key: string]: Json } {
  const own: { [key: string]: Json } = {}
  if (body.system)
    own.system = list(body.system).map((block) => ({
      ...record(block),
      text: ownInstruction(String(record(block).text)),
    }))
  if (body.tools) own.tools = list(body.tools).map(ownTool)
  return own
}

/** The attribution line and the identity tell requests apart; the rest is prose. */
function ownInstruction(text: string): string {
  if (text.startsWith('x-anthropic-billing-header:') || text.length < 120) return text
  return text.startsWith('You are an agent for Claude Code')
    ? 'You are an agent for Claude Code. Do the task.'
    : 'Work with the user on the task.'
}

function ownTool(value: Json): Json {
  const tool = record(value)
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
  if (typeof block.content === 'string') return { ...block, content: ownText(block.content) }
  return { ...block, content: list(block.content).map((part) => ownBlock(record(part), ownText)) }
}

/** Texts by which a request is recognised keep their marks; prompts and answers are ours already. */
const marks: readonly [pattern: RegExp, own: (text: string) => string][] = [
  [
    /\[SYSTEM NOTIFICATION/,
    (text) =>
      `<system-reminder>\n[SYSTEM NOTIFICATION - NOT USER INPUT]\nA task has ended.\n${element(text, 'task-notification').replace(/<note>[\s\S]*?<\/note>\n?/, '')}\n</system-reminder>`,
  ],
  [/^\s*<system-reminder>/, () => '<system-reminder>\nSomething to bear in mind.\n</system-reminder>\n'],
  [
    /^CRITICAL: Respond with TEXT ONLY/,
    () =>
      'CRITICAL: Respond with TEXT ONLY. Do NOT call any tools.\n\nYour task is to create a detailed summary of the conversation so far.',
  ],
  [/^This session is being continued/, continuation],
  [/^<local-command-caveat>/, () => '<local-command-caveat>The client ran this itself.</local-command-caveat>\n'],
  [
    /^Async agent launched successfully/,
    (text) => `Async agent launched successfully.\n${/agentId: \w+/.exec(text)?.[0] ?? ''}`,
  ],
  [/^\[Subagent hand-back\]/, handBack],
  [/^<session>/, (text) => `${element(text, 'session')}\n\nWrite a title.`],
]

function ownText(text: string): string {
  return marks.find(([pattern]) => pattern.test(text))?.[1](text) ?? text
}

function element(text: string, tag: string): string {
  return new RegExp(`<${tag}>[\\s\\S]*</${tag}>`).exec(text)?.[0] ?? ''
}

/** Marker, summary and the pointer to the transcript stay; what is between them goes. */
function continuation(text: string): string {
  const summary = /Summary:[\s\S]*?(?=\n\nIf you need specific details)/.exec(text)?.[0] ?? ''
  const pointer = /read the full transcript at: \S+/.exec(text)?.[0] ?? ''
  const marker =
    'This session is being continued from a previous conversation that ran out of context. The summary below covers the earlier portion of the conversation.'
  return `${marker}\n\n${summary}\n\nIf you need specific details from before compaction, ${pointer}`
}

function handBack(text: string): string {
  return `[Subagent hand-back]\n${/You said:[^\n]*|Done after[^\n]*/.exec(text)?.[0] ?? ''}\nagentId: ${/agentId: (\w+)/.exec(text)?.[1] ?? ''}\n${element(text, 'usage')}`
}
