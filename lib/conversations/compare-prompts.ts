import { clip, type JsonRecord } from '@/lib/claude/json'
import { listSegments, type PromptSection, type PromptSegment } from './prompt-segments'

export interface PromptChange {
  readonly kind: 'added' | 'removed' | 'changed'
  readonly section: PromptSection
  readonly path: string
  readonly position: number
  readonly name: string
  /** Cut to what a page can show. */
  readonly before: string | null
  readonly after: string | null
}

export interface PromptComparison {
  /** Pieces that both begin with. */
  readonly sharedCount: number
  readonly sharedBytes: number
  readonly totalBytes: number
  /** The first piece of the earlier prompt that is not there, or not the same, in the later one. */
  readonly firstBreak: PromptChange | null
  readonly changes: readonly PromptChange[]
  readonly changeCount: number
  readonly addedTools: readonly string[]
  readonly removedTools: readonly string[]
}

const mostChanges = 100
const mostText = 20_000

/** Pure: what the later of two prompts changed. What it only appends breaks nothing. */
export function comparePrompts(earlier: JsonRecord, later: JsonRecord): PromptComparison {
  const before = listSegments(earlier)
  const after = listSegments(later)
  const shared = sharedCountOf(before, after)
  const changes = (['tools', 'system', 'messages'] as const).flatMap((section) =>
    changesOf(
      before.filter((one) => one.section === section),
      after.filter((one) => one.section === section),
    ),
  )
  const toolNames = (segments: readonly PromptSegment[]) =>
    segments.filter(({ section }) => section === 'tools').map(({ name }) => name)
  return {
    sharedCount: shared,
    sharedBytes: bytesOf(after.slice(0, shared)),
    totalBytes: bytesOf(after),
    firstBreak: firstBreakOf(before, after),
    changes: changes.slice(0, mostChanges),
    changeCount: changes.length,
    addedTools: toolNames(after).filter((name) => !toolNames(before).includes(name)),
    removedTools: toolNames(before).filter((name) => !toolNames(after).includes(name)),
  }
}

function sharedCountOf(before: readonly PromptSegment[], after: readonly PromptSegment[]): number {
  const different = before.findIndex((one, index) => one.identity !== after[index]?.identity)
  return different < 0 ? Math.min(before.length, after.length) : different
}

/** In the order of the cache. A section that only grew breaks all that follows it, except for the last one. */
function firstBreakOf(before: readonly PromptSegment[], after: readonly PromptSegment[]): PromptChange | null {
  const index = before.findIndex((one, at) => one.identity !== after[at]?.identity)
  if (index < 0) return null
  const [was, is] = [before[index], after[index]]
  if (was && is && was.section === is.section) return change('changed', was, is)
  return is && (!was || is.section !== 'messages') ? change('added', null, is) : change('removed', was ?? null, null)
}

/** Pieces in place are compared in place, behind the common beginning and before the common end. */
function changesOf(before: readonly PromptSegment[], after: readonly PromptSegment[]): PromptChange[] {
  const start = sharedCountOf(before, after)
  let end = 0
  while (
    end < Math.min(before.length, after.length) - start &&
    before.at(-1 - end)?.identity === after.at(-1 - end)?.identity
  )
    end += 1
  const was = before.slice(start, before.length - end)
  const is = after.slice(start, after.length - end)
  return Array.from({ length: Math.max(was.length, is.length) }, (_none, index) => {
    const [one, other] = [was[index] ?? null, is[index] ?? null]
    return change(one && other ? 'changed' : one ? 'removed' : 'added', one, other)
  }).filter(({ kind }, index) => kind !== 'changed' || was[index]?.identity !== is[index]?.identity)
}

function change(kind: PromptChange['kind'], was: PromptSegment | null, is: PromptSegment | null): PromptChange {
  const place = is ?? was
  return {
    kind,
    section: place?.section ?? 'messages',
    path: place?.path ?? '',
    position: place?.position ?? 0,
    name: place?.name ?? '',
    before: was && clip(was.text, mostText),
    after: is && clip(is.text, mostText),
  }
}

function bytesOf(segments: readonly PromptSegment[]): number {
  return segments.reduce((sum, { bytes }) => sum + bytes, 0)
}
