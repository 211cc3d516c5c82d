import type { CompositionPoint } from '@/lib/conversations/compose-context'
import type { ContextPart } from '@/lib/conversations/measure-context'

interface CompositionPart {
  readonly part: ContextPart
  readonly name: string
  readonly color: string
}

/** From below; colours as for tokens elsewhere, thinking as output. */
export const compositionParts: readonly CompositionPart[] = [
  { part: 'system', name: 'system and reminders', color: 'var(--chart-other)' },
  { part: 'tools', name: 'tool definitions', color: 'var(--chart-2)' },
  { part: 'instructions', name: 'instruction files', color: 'var(--chart-5)' },
  { part: 'toolCalls', name: 'tool calls and results', color: 'var(--chart-3)' },
  { part: 'thinking', name: 'thinking', color: 'var(--chart-4)' },
  { part: 'chat', name: 'chat', color: 'var(--chart-1)' },
]

interface Area extends CompositionPart {
  /** A closed SVG path in a field of 1 × 1, upside down as SVG is. */
  readonly path: string
}

interface CompositionChart {
  readonly areas: readonly Area[]
  readonly mostTokens: number
}

/** Pure: the turns side by side, equally wide; the parts stacked. */
export function prepareComposition(points: readonly CompositionPoint[]): CompositionChart {
  const mostTokens = Math.max(1, ...points.map(({ contextTokens }) => contextTokens))
  // A single turn is drawn as wide as the field.
  const drawn = points.length === 1 ? [...points, ...points] : points
  const xOf = (index: number) => round(index / Math.max(1, drawn.length - 1))
  let floor = drawn.map(() => 0)
  const areas = compositionParts.map((kind) => {
    const ceiling = drawn.map(({ tokens }, index) => (floor[index] ?? 0) + tokens[kind.part])
    const heightOf = (tokens: number) => round(1 - tokens / mostTokens)
    const above = ceiling.map((tokens, index) => `${xOf(index)} ${heightOf(tokens)}`)
    const below = floor.map((tokens, index) => `${xOf(index)} ${heightOf(tokens)}`).reverse()
    floor = ceiling
    return { ...kind, path: drawn.length === 0 ? '' : `M${[...above, ...below].join('L')}Z` }
  })
  return { areas, mostTokens }
}

const round = (share: number) => Number(share.toFixed(4))

/** Pure: the newest turn in a sentence, the largest part first. */
export function describeComposition(points: readonly CompositionPoint[]): string {
  const last = points.at(-1)
  if (!last || last.contextTokens === 0) return 'No turn with a counted context.'
  const shares = compositionParts
    .map(({ part, name }) => ({ name, share: last.tokens[part] / last.contextTokens }))
    .filter(({ share }) => share >= 0.005)
    .sort((a, b) => b.share - a.share)
  return `Now ${shares.map(({ name, share }) => `${Math.round(share * 100)}% ${name}`).join(', ')}.`
}
