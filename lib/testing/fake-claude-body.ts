/** The parts of a Messages request that the fake looks at; everything else is carried along unread. */
export interface MessagesBody {
  readonly model?: string
  readonly stream?: boolean
  readonly messages?: readonly BodyMessage[]
  readonly tools?: readonly { readonly name?: string; readonly type?: string }[]
  readonly output_config?: { readonly format?: unknown }
  readonly diagnostics?: unknown
  /** Asks for a summary and nothing else. */
  readonly compaction?: unknown
  readonly thread?: { readonly type?: string }
}

interface BodyMessage {
  readonly role: string
  readonly content: string | readonly BodyBlock[]
}

interface BodyBlock {
  readonly type: string
  readonly text?: string
  readonly content?: unknown
}

export function readMessagesBody(bytes: Buffer): MessagesBody | null {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  } catch {
    // Not JSON: the fake answers 400 as the API would.
    return null
  }
}

function blocksOf(message: BodyMessage): readonly BodyBlock[] {
  if (typeof message.content === 'string') return [{ type: 'text', text: message.content }]
  return Array.isArray(message.content) ? message.content : []
}

function isReminder(text: string): boolean {
  return text.trimStart().startsWith('<system-reminder>')
}

function hasToolResult(message: BodyMessage): boolean {
  return blocksOf(message).some((block) => block.type === 'tool_result')
}

/** What the user typed: the text of a user message without reminders; empty for tool results. */
function typedText(message: BodyMessage): string {
  if (message.role !== 'user' || hasToolResult(message)) return ''
  const texts = blocksOf(message).flatMap((block) => (block.type === 'text' && block.text ? [block.text] : []))
  return texts.filter((text) => !isReminder(text)).join('\n')
}

/** The last text of the last message: a client's own request for a summary stands behind the tool results. */
export function lastText(body: MessagesBody): string {
  const last = body.messages?.findLast((message) => message.role === 'user')
  return (last && blocksOf(last).findLast((block) => block.type === 'text')?.text) ?? ''
}

/** The last thing the user typed, and how many rounds of tool results came after it. */
export function lastPrompt(body: MessagesBody): { readonly text: string; readonly round: number } {
  let round = 0
  for (const message of [...(body.messages ?? [])].reverse()) {
    if (message.role === 'user' && hasToolResult(message)) round += 1
    const text = typedText(message)
    if (text !== '') return { text, round }
  }
  return { text: '', round }
}
