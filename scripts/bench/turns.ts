import { BenchConversation } from '../bench-conversation'
import { answerHeader, paceHeader } from './answers'
import { benchClientKey } from './nexus'

/** A size of request bodies: conversations in the shape of Claude Code's that grow turn by turn. */
export interface Shape {
  readonly name: string
  readonly instructionBytes: number
  /** Turns played before anything is measured: long bodies belong to conversations that are under way. */
  readonly warmTurns: number
  readonly turns: number
}

export const shapes = {
  fresh: { name: '87 KB', instructionBytes: 14_500, warmTurns: 0, turns: 10 },
  long: { name: '250 KB', instructionBytes: 26_000, warmTurns: 40, turns: 20 },
} as const satisfies Record<string, Shape>

export interface Turn {
  readonly head: string
  readonly body: Buffer
  readonly events: readonly string[]
}

/** A conversation as its client plays it: no turn before the answer to the one before. */
export type Conversation = readonly Turn[]

let lastSeed = Date.now() % 1_000_000_000

/** Conversations nobody has seen: the first turns to be played unmeasured, and those to be measured. */
export function makeConversations(shape: Shape, count: number): { warm: Conversation[]; measured: Conversation[] } {
  const all = Array.from({ length: count }, () => {
    const source = new BenchConversation((lastSeed += 1), shape.instructionBytes)
    return Array.from({ length: shape.warmTurns + shape.turns }, () => turnOf(source))
  })
  return {
    warm: all.map((turns) => turns.slice(0, shape.warmTurns)),
    measured: all.map((turns) => turns.slice(shape.warmTurns)),
  }
}

function turnOf(source: BenchConversation): Turn {
  const { requestHeaders, requestBody, responseChunks } = source.next()
  const headers = [...requestHeaders, ['x-api-key', benchClientKey]].map(([name, value]) => `${name}: ${value}\r\n`)
  return {
    head: `POST /v1/messages?beta=true HTTP/1.1\r\n${headers.join('')}`,
    body: requestBody,
    events: responseChunks.map(String),
  }
}

/** A small call of an SDK: what fills a database with many conversations. */
export function smallConversation(number: number): Conversation {
  const question = `Question ${number} of the day: what does the function at line ${number % 997} return, and why?`
  const first = [{ role: 'user', content: question }]
  const second = [
    ...first,
    { role: 'assistant', content: 'It returns nothing.' },
    { role: 'user', content: `And call ${number}?` },
  ]
  return [first, second].map((messages) => {
    const body = Buffer.from(
      JSON.stringify({
        model: 'claude-haiku-5',
        max_tokens: 256,
        system: 'Answer in one line.',
        messages,
        stream: true,
      }),
    )
    const head = `POST /v1/messages HTTP/1.1\r\nHost: nexus.example.com\r\nContent-Type: application/json\r\nanthropic-version: 2023-06-01\r\nx-api-key: ${benchClientKey}\r\nContent-Length: ${body.length}\r\n`
    return { head, body, events: smallAnswer }
  })
}

const smallAnswer = [
  {
    type: 'message_start',
    message: {
      id: 'msg_01bench',
      type: 'message',
      role: 'assistant',
      model: 'claude-haiku-5',
      content: [],
      stop_reason: null,
      usage: { input_tokens: 40, output_tokens: 1 },
    },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'It returns nothing.' } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 6 } },
  { type: 'message_stop' },
].map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)

/** The rest of a call's head: which answer it wants, and how fast. */
export function closingHeaders(answer: number, paceMs: number): string {
  return `${answerHeader}: ${answer}\r\n${paceMs > 0 ? `${paceHeader}: ${paceMs}\r\n` : ''}\r\n`
}
