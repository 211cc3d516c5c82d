import { z } from 'zod'
import { asArray, asRecord, stringifyJson } from '@/lib/claude/json'
import { branchSchema } from './choose-tip'
import type { Thread } from './load-thread'

const exportFormats = ['markdown', 'jsonl', 'html'] as const
type ExportFormat = (typeof exportFormats)[number]

export const exportSchema = branchSchema.extend({
  format: z.enum(exportFormats, { error: `is one of ${exportFormats.join(', ')}` }),
})

interface ExportedFile {
  readonly contentType: string
  readonly extension: string
  readonly text: string
}

interface ThreadName {
  readonly title: string
  readonly conversationId: string
}

/** Pure: a thread as a file for somebody who has no access to the dashboard. */
export function exportThread(
  thread: Thread,
  { title, conversationId }: ThreadName,
  format: ExportFormat,
): ExportedFile {
  const messages = messagesOf(thread)
  if (format === 'jsonl')
    return {
      contentType: 'application/x-ndjson; charset=utf-8',
      extension: 'jsonl',
      text: messages.map((message) => `${stringifyJson(message) ?? '{}'}\n`).join(''),
    }
  const heading = `${title}\n\nConversation ${conversationId}`
  if (format === 'markdown')
    return {
      contentType: 'text/markdown; charset=utf-8',
      extension: 'md',
      text: `# ${heading}\n\n${messages.map(messageMarkdown).join('\n')}`,
    }
  return { contentType: 'text/html; charset=utf-8', extension: 'html', text: page(title, conversationId, messages) }
}

interface Message {
  readonly role: string
  readonly content: unknown
}

function messagesOf({ body, answer }: Thread): Message[] {
  const system = body?.system === undefined ? [] : [{ role: 'system', content: body.system }]
  const sent = asArray(body?.messages).map((message) => {
    const { role, content } = asRecord(message) ?? {}
    return { role: typeof role === 'string' ? role : 'unknown', content }
  })
  return [...system, ...sent, ...(answer ? [{ role: 'assistant', content: answer.content }] : [])]
}

function messageMarkdown({ role, content }: Message): string {
  return `## ${role}\n\n${partsOf(content)
    .map(({ label, text }) => (label === null ? `${text}\n` : `**${label}**\n\n${fenced(text)}\n`))
    .join('\n')}`
}

/** A fence longer than any inside, so that the text cannot end it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}\n${text}\n${fence}`
}

interface Part {
  /** null = words as they were said. */
  readonly label: string | null
  readonly text: string
}

/** Results may hold results; nobody means more of them. */
const deepest = 20

function partsOf(content: unknown, depth = 0): Part[] {
  if (typeof content === 'string') return [{ label: null, text: content }]
  if (depth > deepest) return [{ label: null, text: tooDeep }]
  return asArray(content).map((block) => partOf(asRecord(block) ?? {}, depth))
}

function partOf(block: Record<string, unknown>, depth: number): Part {
  const type = typeof block.type === 'string' ? block.type : 'unknown'
  if (type === 'text') return { label: null, text: textOf(block.text) }
  if (type === 'thinking') return { label: 'thinking', text: textOf(block.thinking) }
  if (type === 'tool_use') return { label: `call of ${textOf(block.name)}`, text: pretty(block.input) }
  if (type === 'tool_result')
    return {
      label: block.is_error === true ? 'result (failed)' : 'result',
      text: partsOf(block.content, depth + 1)
        .map(({ text }) => text)
        .join('\n'),
    }
  // Pictures and documents are named, not embedded: a transcript is for reading.
  return { label: type, text: type === 'image' || type === 'document' ? '(not part of this export)' : pretty(block) }
}

const tooDeep = '(too deep to write)'

function pretty(value: unknown): string {
  return value === undefined ? '' : (stringifyJson(value, 2) ?? tooDeep)
}

/** What is no text is written as it was sent. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : pretty(value)
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character)
}

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:80ch;margin:2rem auto;padding:0 1rem;color:#14171f;background:#fff}
article{border-left:3px solid #8a92a1;padding:.2rem 0 .2rem 1rem;margin:1rem 0}article.user{border-color:#2d2d88}
article.assistant{border-color:#0c7364}h2{font-size:.9rem;margin:.2rem 0;color:#4a5160}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f6f7f9;padding:.6rem;border-radius:4px}p{white-space:pre-wrap;overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){body{color:#e7eaf0;background:#0f1115}pre{background:#1d212a}h2{color:#b4bac6}}`

/** One file that loads nothing and runs nothing. */
function page(title: string, conversationId: string, messages: readonly Message[]): string {
  const articles = messages.map(({ role, content }) => {
    const look = role === 'user' || role === 'assistant' ? role : 'other'
    return `<article class="${look}"><h2>${escapeHtml(role)}</h2>${partsOf(content).map(partHtml).join('')}</article>`
  })
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)}</title><style>${style}</style></head>
<body><h1>${escapeHtml(title)}</h1><p>Conversation ${escapeHtml(conversationId)}</p>
${articles.join('\n')}
</body></html>
`
}

function partHtml({ label, text }: Part): string {
  if (label === null) return `<p>${escapeHtml(text)}</p>`
  return `<details><summary>${escapeHtml(label)}</summary><pre>${escapeHtml(text)}</pre></details>`
}
