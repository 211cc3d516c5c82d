import { formatExact, formatTokens } from '@/lib/format'

interface TokenCounts {
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cacheCreationInputTokens: number | null
  readonly cacheReadInputTokens: number | null
}

/** The kinds of tokens in the order and the colours they have everywhere. */
export function tokenKindsOf(counts: TokenCounts) {
  return [
    { name: 'input', color: 'var(--chart-1)', tokens: counts.inputTokens ?? 0 },
    { name: 'cache write', color: 'var(--chart-2)', tokens: counts.cacheCreationInputTokens ?? 0 },
    { name: 'cache read', color: 'var(--chart-3)', tokens: counts.cacheReadInputTokens ?? 0 },
    { name: 'output', color: 'var(--chart-4)', tokens: counts.outputTokens ?? 0 },
  ] as const
}

/** Prompt → output, with a bar of what they consist of. */
export function TokenBar({ counts }: { counts: TokenCounts }) {
  const kinds = tokenKindsOf(counts)
  const total = kinds.reduce((sum, { tokens }) => sum + tokens, 0)
  if (total === 0) return <span className="text-secondary">–</span>
  const prompt = total - (counts.outputTokens ?? 0)
  const title = kinds.map(({ name, tokens }) => `${formatExact(tokens)} ${name}`).join(' · ')
  return (
    <span className="flex items-center gap-2" title={title}>
      <span className="flex h-2 w-12 shrink-0 overflow-hidden rounded-[2px] bg-subtle" aria-hidden>
        {kinds.map(({ name, color, tokens }) => (
          <span key={name} style={{ width: `${(tokens / total) * 100}%`, background: color }} />
        ))}
      </span>
      <span className="whitespace-nowrap numeric">
        {formatTokens(prompt)}
        <span className="text-secondary"> → </span>
        <span className="sr-only">prompt, output </span>
        {formatTokens(counts.outputTokens)}
      </span>
    </span>
  )
}
