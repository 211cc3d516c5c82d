/** A command of a page of documentation, and what the page promises it prints. */
export interface DocBlock {
  readonly line: number
  /** The heading it stands under. */
  readonly section: string
  readonly script: string
  /** The block below it; null = only the exit code counts. */
  readonly promise: string | null
  /** Notes for the test that readers do not see: `<!-- upstream: silent -->` → `upstream: silent`. */
  readonly notes: readonly string[]
}

interface Fence {
  readonly language: string
  readonly lines: readonly string[]
  readonly endsAt: number
}

const promised = new Set(['text', 'json'])

/** Every `bash` block of a page, in order. Pure. */
export function readDocBlocks(markdown: string): DocBlock[] {
  const lines = markdown.split('\n')
  const blocks: DocBlock[] = []
  let [section, notes] = ['', [] as string[]]
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    section = /^#+ (.*)/.exec(line)?.[1] ?? section
    const note = /^\s*<!-- (.*) -->$/.exec(line)?.[1]
    if (note) notes.push(note)
    const fence = readFence(lines, at)
    if (!fence) continue
    at = fence.endsAt
    if (fence.language !== 'bash') continue
    const next = readFence(lines, nextText(lines, at + 1))
    const promise = next && promised.has(next.language) ? next.lines.join('\n') : null
    blocks.push({ line: at, section, script: fence.lines.join('\n'), promise, notes })
    notes = []
  }
  return blocks
}

function nextText(lines: readonly string[], from: number): number {
  const found = lines.findIndex((line, at) => at >= from && line.trim() !== '')
  return found < 0 ? lines.length : found
}

function readFence(lines: readonly string[], at: number): Fence | null {
  const opening = /^(\s*)```(\w+)$/.exec(lines[at] ?? '')
  if (!opening) return null
  const [, indent = '', language = ''] = opening
  const endsAt = lines.findIndex((line, index) => index > at && line.trim() === '```')
  const content = lines.slice(at + 1, endsAt).map((line) => line.slice(Math.min(indent.length, line.search(/\S|$/))))
  return { language, lines: content, endsAt }
}

/** Whether a text is what was promised: `…` stands for anything, white space for white space. Pure. */
export function isPromised(promise: string, printed: string): boolean {
  const pattern = promise
    .trim()
    .split('…')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+'))
    .join('[^]*')
  return new RegExp(`^${pattern}$`).test(printed.trim())
}
