import { agentTurn } from './fake-claude-agent'
import type { MessagesBody } from './fake-claude-body'
import { promptUsage, tokensOf, type Usage } from './fake-claude-usage'

/** A content block as it will stand in the message; `kind` says how it is streamed. */
export type TurnBlock =
  | { readonly kind: 'text'; readonly text: string; readonly citations?: readonly object[] }
  | { readonly kind: 'thinking'; readonly thinking: string }
  | {
      readonly kind: 'tool'
      readonly type: 'tool_use' | 'server_tool_use'
      readonly name: string
      readonly input: object
    }
  | { readonly kind: 'compaction'; readonly summary: string }
  /** Arrives complete in content_block_start. */
  | { readonly kind: 'whole'; readonly block: { readonly type: string; readonly [more: string]: unknown } }

/** One answer of the model. */
export interface Turn {
  readonly blocks: readonly TurnBlock[]
  readonly stopReason: string
  /** The model named in message_start when it is not the one asked for. */
  readonly model?: string
  /** Fields that only the final usage has: server tools, iterations. */
  readonly finalUsage?: Partial<Usage>
}

interface TurnInput {
  readonly body: MessagesBody
  readonly bytes: Buffer
  readonly params: URLSearchParams
}

const multibyteText =
  'naïve café · Привет · 日本語テキスト · שלום עולם · مرحبا · é combining e\u0301 · 👩‍👩‍👧‍👦 family · 🇫🇷 flag · 𝒳 math · \u0000 nul · \u2028 line'

function text(value: string): TurnBlock {
  return { kind: 'text', text: value }
}

function said(...blocks: TurnBlock[]): Turn {
  return { blocks, stopReason: 'end_turn' }
}

function iteration(type: string, usage: Usage, more: object): object {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens, cache_creation } = usage
  return {
    type,
    input_tokens,
    output_tokens,
    cache_creation_input_tokens,
    cache_read_input_tokens,
    cache_creation,
    ...more,
  }
}

const weather: TurnBlock = {
  kind: 'tool',
  type: 'tool_use',
  name: 'get_weather',
  input: { city: 'Paris', unit: 'celsius' },
}

function webSearch({ bytes }: TurnInput): Turn {
  const result = {
    type: 'web_search_result',
    title: 'A page',
    url: 'https://example.com/page',
    encrypted_content: 'c2VhcmNo',
    page_age: null,
  }
  const citation = {
    type: 'web_search_result_location',
    url: result.url,
    title: result.title,
    cited_text: 'A sentence.',
    encrypted_index: 'aW5kZXg',
  }
  return {
    blocks: [
      { kind: 'tool', type: 'server_tool_use', name: 'web_search', input: { query: 'a question' } },
      { kind: 'whole', block: { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_fake', content: [result] } },
      { kind: 'text', text: 'The page says a sentence.', citations: [citation] },
    ],
    stopReason: 'end_turn',
    // Server tools add prompt tokens: the final input exceeds that of message_start.
    finalUsage: {
      input_tokens: promptUsage(bytes).input_tokens + 1000,
      server_tool_use: { web_search_requests: 1, web_fetch_requests: 0 },
    },
  }
}

function iterations({ body, bytes }: TurnInput): Turn {
  const usage = { ...promptUsage(bytes), output_tokens: tokensOf(Buffer.from('Advised.')) }
  return {
    ...said(text('Advised.')),
    finalUsage: {
      iterations: [
        iteration('message', usage, { model: body.model }),
        iteration('advisor_message', { ...usage, input_tokens: 700, output_tokens: 70 }, { model: 'claude-opus-5-5' }),
      ],
    },
  }
}

const summary = `The user asked for a proxy. ${'We looked at its parts, one by one, and wrote down what each does. '.repeat(4)}`

function compaction({ bytes }: TurnInput): Turn {
  const usage = promptUsage(bytes)
  const compacted = iteration('compaction', { ...usage, input_tokens: 5000, output_tokens: 500 }, {})
  return {
    blocks: [{ kind: 'compaction', summary }, text('Going on.')],
    stopReason: 'end_turn',
    finalUsage: { iterations: [compacted, iteration('message', { ...usage, output_tokens: 3 }, {})] },
  }
}

/** Asked for by the field of that name: a summary alone. */
const summarised: Turn = { blocks: [{ kind: 'compaction', summary }], stopReason: 'compaction' }

function fallback({ body, bytes }: TurnInput): Turn {
  const served = 'claude-opus-5-5'
  const declined = body.model ?? 'claude-fable-5-2'
  const usage = promptUsage(bytes)
  return {
    blocks: [
      {
        kind: 'whole',
        block: {
          type: 'fallback',
          from: { model: declined },
          to: { model: served },
          trigger: { type: 'refusal', category: 'cyber' },
        },
      },
      text('Answered by another model.'),
    ],
    stopReason: 'end_turn',
    model: declined,
    finalUsage: {
      iterations: [
        iteration('message', { ...usage, output_tokens: 0 }, { model: declined }),
        iteration('fallback_message', { ...usage, output_tokens: 7 }, { model: served }),
      ],
    },
  }
}

function repeated({ params }: TurnInput): Turn {
  const count = Number(params.get('events') ?? 3)
  return said(text(Array.from({ length: count }, (_, index) => `word${index} `).join('')))
}

/** What the model says, by scenario name. */
const turns: Record<string, (input: TurnInput) => Turn> = {
  auto: ({ body }) => (body.compaction ? summarised : agentTurn(body)),
  text: ({ params, body, bytes }) =>
    params.has('events')
      ? repeated({ params, body, bytes })
      : said(text(params.get('text') ?? 'Hello from the fake Claude.')),
  'tool-use': () => ({ blocks: [text('Let me look.'), weather], stopReason: 'tool_use' }),
  thinking: () => ({
    blocks: [{ kind: 'thinking', thinking: 'The user wants the weather, so I need the tool.' }, weather],
    stopReason: 'tool_use',
  }),
  'web-search': webSearch,
  iterations,
  compaction,
  fallback,
  multibyte: () => said(text(multibyteText)),
  'huge-event': ({ params }) => said(text('x'.repeat(Number(params.get('bytes') ?? 10 * 1024 * 1024)))),
  'unknown-events': () => ({
    blocks: [text('Hello from tomorrow.')],
    stopReason: 'future_stop',
    finalUsage: { future_tokens: 7 },
  }),
  refusal: () => ({ blocks: [], stopReason: 'refusal' }),
  'max-tokens': () => ({ blocks: [text('Cut off in the')], stopReason: 'max_tokens' }),
}

export function hasTurn(name: string): boolean {
  return Object.hasOwn(turns, name)
}

export function buildTurn(name: string, input: TurnInput): Turn {
  const turn = turns[name]
  if (!turn) throw new Error(`The fake knows no scenario ${name}`)
  return withPromptTokens(turn(input), input.params.get('prompt'))
}

/** `prompt=<tokens>`: the prompt counts as this long, whatever was sent; clients tidy up when it grows. */
function withPromptTokens(turn: Turn, tokens: string | null): Turn {
  if (tokens === null) return turn
  const nothingCached = {
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  }
  return { ...turn, finalUsage: { ...turn.finalUsage, ...nothingCached, input_tokens: Number(tokens) } }
}

/** Bytes that the model produced: what output tokens are counted from. */
export function producedBytes(turn: Turn): Buffer {
  const parts = turn.blocks.map((block) => {
    if (block.kind === 'text') return block.text
    if (block.kind === 'thinking') return block.thinking
    if (block.kind === 'tool') return JSON.stringify(block.input)
    return ''
  })
  return Buffer.from(parts.join(''))
}
