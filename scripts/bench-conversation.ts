import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { HeaderList } from '@/lib/proxy/ports'
import { Dice, streamOf, type Block } from './bench-stream'

/** What a bench plays: conversations in the shape of Claude Code's, made of real prose and real code. */
export interface BenchTurn {
  readonly requestHeaders: HeaderList
  readonly requestBody: Buffer
  readonly responseHeaders: HeaderList
  /** The stream, cut as it would arrive. */
  readonly responseChunks: readonly Buffer[]
}

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => readFileSync(path.join(folder, name), 'utf8'))
}

const prose = filesBelow('node_modules/undici/docs', '.md')
  .flatMap((text) => text.split(/\n\n+/))
  .filter((paragraph) => paragraph.length > 120 && paragraph.length < 900)
const code = filesBelow('node_modules/undici/lib', '.js').map((text) => text.split('\n'))

const toolNames = [
  'Agent',
  'Bash',
  'Edit',
  'ListAgents',
  'Read',
  'ReportFindings',
  'ScheduleWakeup',
  'Skill',
  'ToolSearch',
  'Workflow',
  'Glob',
  'Write',
]

/** Long text out of paragraphs, for prompts and descriptions. */
function essay(dice: Dice, length: number): string {
  let text = ''
  while (text.length < length) text += `${dice.pick(prose)}\n\n`
  return text.slice(0, length)
}

/** The same for every conversation: about 83 KB of tools and instructions. */
function sharedParts() {
  const dice = new Dice(1)
  const tools = toolNames.map((name) => ({
    name,
    description: essay(dice, 2_500 + dice.below(2_500)),
    input_schema: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: Object.fromEntries(
        ['command', 'description', 'timeout', 'path', 'pattern'].map((field) => [
          field,
          { type: 'string', description: essay(dice, 60 + dice.below(160)) },
        ]),
      ),
      required: ['command'],
      additionalProperties: false,
    },
  }))
  return { tools, instructions: essay(dice, 26_000) }
}

const shared = sharedParts()

export class BenchConversation {
  private readonly dice: Dice
  private readonly sessionId = randomUUID()
  private readonly messages: { role: string; content: Block[] }[] = []

  constructor(seed: number) {
    this.dice = new Dice(seed + 1_000)
    this.messages.push({
      role: 'user',
      content: [
        { type: 'text', text: `<system-reminder>\n${essay(this.dice, 1_200)}\n</system-reminder>` },
        { type: 'text', text: essay(this.dice, 300) },
      ],
    })
  }

  /** The next request and its answer; the answer becomes part of the request after it. */
  next(): BenchTurn {
    const requestBody = this.body()
    const content = this.answer()
    const events = streamOf(content, this.dice)
    this.messages.push({ role: 'assistant', content })
    this.messages.push({ role: 'user', content: this.results(content) })
    return {
      requestHeaders: this.requestHeaders(requestBody.length),
      requestBody,
      responseHeaders: responseHeaders(this.dice),
      responseChunks: events.map((event) => Buffer.from(event)),
    }
  }

  private body(): Buffer {
    const last = this.messages.length - 1
    const messages = this.messages.map((message, index) => {
      if (index === last) return withCacheControl(message)
      const [first] = message.content
      const isPlain = message.role === 'user' && message.content.length === 1 && first?.type === 'text'
      return isPlain ? { role: message.role, content: first.text } : message
    })
    return Buffer.from(
      JSON.stringify({
        model: 'claude-opus-5-5',
        messages,
        system: [
          { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.330.a1b; cc_entrypoint=cli;' },
          {
            type: 'text',
            text: "You are Claude Code, Anthropic's official CLI for Claude.",
            cache_control: { type: 'ephemeral' },
          },
          { type: 'text', text: shared.instructions, cache_control: { type: 'ephemeral' } },
        ],
        tools: shared.tools,
        metadata: {
          user_id: JSON.stringify({ device_id: 'd'.repeat(64), account_uuid: '', session_id: this.sessionId }),
        },
        max_tokens: 128_000,
        thinking: { type: 'adaptive', display: 'omitted' },
        context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
        output_config: { effort: 'high' },
        stream: true,
      }),
    )
  }

  private answer(): Block[] {
    const id = `toolu_01${this.dice.hex(22)}`
    const file = `/home/dev/project/src/${this.dice.hex(6)}/${this.dice.hex(4)}.ts`
    const name = this.dice.pick(['Read', 'Edit', 'Bash'])
    const input =
      name === 'Edit'
        ? {
            file_path: file,
            old_string: this.source(5).join('\n'),
            new_string: this.source(6).join('\n'),
            replace_all: false,
          }
        : name === 'Bash'
          ? {
              command: `cd ${path.dirname(file)} && npx vitest run ${path.basename(file)}`,
              description: 'Runs the tests of the module',
            }
          : { file_path: file, offset: this.dice.below(500), limit: 80 }
    return [
      { type: 'thinking', thinking: '', signature: this.dice.base64(344) },
      { type: 'text', text: essay(this.dice, 120 + this.dice.below(360)) },
      { type: 'tool_use', id, name, input },
    ]
  }

  private results(answer: readonly Block[]): Block[] {
    const call = answer.at(-1)
    const lines = this.source(45 + this.dice.below(40)).map(
      (line, index) => `${String(index + 1).padStart(6)}\t${line}`,
    )
    const results: Block[] = [{ tool_use_id: call?.id, type: 'tool_result', content: lines.join('\n') }]
    return this.dice.below(4) === 0 ? [...results, { type: 'text', text: essay(this.dice, 250) }] : results
  }

  private source(lines: number): string[] {
    const file = this.dice.pick(code)
    const start = this.dice.below(Math.max(1, file.length - lines))
    return file.slice(start, start + lines)
  }

  private requestHeaders(length: number): HeaderList {
    return [
      ['Accept', 'application/json'],
      ['Content-Type', 'application/json'],
      ['User-Agent', 'claude-cli/2.1.330 (external, cli)'],
      ['X-Claude-Code-Session-Id', this.sessionId],
      ['X-Stainless-Arch', 'x64'],
      ['X-Stainless-Lang', 'js'],
      ['X-Stainless-OS', 'Linux'],
      ['X-Stainless-Package-Version', '0.128.0'],
      ['X-Stainless-Retry-Count', '0'],
      ['X-Stainless-Runtime', 'node'],
      ['X-Stainless-Runtime-Version', 'v26.12.1'],
      ['X-Stainless-Timeout', '600'],
      [
        'anthropic-beta',
        'claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27,per-turn-control-2026-07-01,mid-conversation-tool-changes-2026-07-01,thinking-token-count-2026-05-13,advanced-tool-use-2025-11-20,effort-2025-11-24',
      ],
      ['anthropic-dangerous-direct-browser-access', 'true'],
      ['anthropic-version', '2023-06-01'],
      ['x-app', 'cli'],
      ['Accept-Encoding', 'gzip, deflate, br, zstd'],
      ['Connection', 'keep-alive'],
      ['Host', 'nexus.example.com'],
      ['Content-Length', String(length)],
    ]
  }
}

function withCacheControl(message: { role: string; content: Block[] }) {
  const content = message.content.map((block, index) =>
    index === message.content.length - 1 ? { ...block, cache_control: { type: 'ephemeral' } } : block,
  )
  return { role: message.role, content }
}

function responseHeaders(dice: Dice): HeaderList {
  const limits = ['requests', 'tokens', 'input-tokens', 'output-tokens'].flatMap((kind): [string, string][] => [
    [`anthropic-ratelimit-${kind}-limit`, '4000000'],
    [`anthropic-ratelimit-${kind}-remaining`, String(1000 * dice.below(4000))],
    [`anthropic-ratelimit-${kind}-reset`, new Date(1_795_000_000_000 + dice.below(1e9)).toISOString()],
  ])
  return [
    ['date', new Date(1_795_000_000_000 + dice.below(1e9)).toUTCString()],
    ['content-type', 'text/event-stream; charset=utf-8'],
    ['cache-control', 'no-cache'],
    ['server', 'cloudflare'],
    ...limits,
    ['request-id', `req_011C${dice.hex(20)}`],
    ['strict-transport-security', 'max-age=31536000; includeSubDomains; preload'],
    ['anthropic-organization-id', '11111111-2222-4333-8444-555555555555'],
    ['x-envoy-upstream-service-time', String(500 + dice.below(3000))],
    ['cf-cache-status', 'DYNAMIC'],
    ['x-robots-tag', 'none'],
    ['cf-ray', `${dice.hex(16)}-FRA`],
  ]
}
