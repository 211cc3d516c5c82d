import { addSizes, contextParts, noSizes, type ContextMeasure, type PartSizes } from './measure-context'

/** A turn whose context is to be taken apart. */
export interface MeasuredTurn {
  readonly requestId: string
  readonly timestamp: string
  readonly messageCount: number
  /** What the upstream counted as prompt: uncached, written and read. */
  readonly contextTokens: number
}

export interface CompositionPoint extends Omit<MeasuredTurn, 'messageCount'> {
  /** Estimated from sizes; together they are what the upstream reported. */
  readonly tokens: PartSizes
}

/**
 * Pure: what the context of each turn consisted of. The turns sent the same history, each as far as it went then;
 * `measure` is that of the last one. Shares are by size, the sums are the upstream's own.
 */
export function composeContext(turns: readonly MeasuredTurn[], measure: ContextMeasure): CompositionPoint[] {
  const until = prefixSums(measure)
  // In a message thread a request counts only its own messages.
  const missing = measure.messages.length - (turns.at(-1)?.messageCount ?? 0)
  return turns.map(({ messageCount, ...turn }) => {
    const count = Math.min(Math.max(messageCount + missing, 0), measure.messages.length)
    return { ...turn, tokens: scaleTo(until[count] ?? noSizes, turn.contextTokens) }
  })
}

/** Element n: the frame and the first n messages. */
function prefixSums({ frame, messages }: ContextMeasure): PartSizes[] {
  const sums = [frame]
  for (const message of messages) sums.push(addSizes([sums.at(-1) ?? noSizes, message]))
  return sums
}

/** Whole tokens that add up to the total; what rounding leaves goes to the largest part. */
function scaleTo(sizes: PartSizes, total: number): PartSizes {
  const bytes = contextParts.reduce((sum, part) => sum + sizes[part], 0)
  if (bytes === 0) return { ...noSizes, chat: total }
  const tokens = { ...noSizes }
  for (const part of contextParts) tokens[part] = Math.floor((sizes[part] / bytes) * total)
  const largest = contextParts.reduce((best, part) => (sizes[part] > sizes[best] ? part : best))
  tokens[largest] += total - contextParts.reduce((sum, part) => sum + tokens[part], 0)
  return tokens
}
