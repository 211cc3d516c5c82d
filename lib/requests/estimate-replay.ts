import { z } from 'zod'
import { costOf } from '@/lib/claude/cost'
import { getPricedModel, type PriceBook } from '@/lib/claude/price-book'
import { usdOfMicroUsd } from '@/lib/money'
import type { RecordedRequest } from './get-request'

const modelSchema = z.string().trim().min(1).max(200, { error: 'is the name of a model' })
export const estimateSchema = z.object({ model: modelSchema.optional().describe('its own without this') })
/** null = its own. */
export const replaySchema = z.object({ model: modelSchema.nullable() })

/** What sending a request again may cost, from the tokens of the first time. */
export interface ReplayEstimate {
  readonly model: string
  /** Models with a price, the request's own first. */
  readonly models: readonly string[]
  /** The cache as it was; null = no price, or no tokens are known. */
  readonly sameCacheUsd: string | null
  /** Nothing of the cache is there any more: what was read from it is written again. */
  readonly noCacheUsd: string | null
}

/** Pure. The answer may be of another length, and another model counts tokens its own way. */
export function estimateReplay(
  facts: RecordedRequest,
  { model = facts.model ?? '', book, at }: { model?: string; book: PriceBook; at: Date },
): ReplayEstimate {
  const { inputTokens, outputTokens, cacheCreationInputTokens: written, cacheReadInputTokens: read } = facts
  const usdOf = (written: number, read: number) => {
    const usage = {
      input_tokens: inputTokens ?? 0,
      output_tokens: outputTokens ?? 0,
      cache_creation_input_tokens: written,
      cache_read_input_tokens: read,
    }
    const { costMicroUsd } = costOf({ model, usage, at, book })
    return usdOfMicroUsd(costMicroUsd === null ? null : Number(costMicroUsd))
  }
  const isKnown = inputTokens !== null
  return {
    model,
    models: modelsOf(facts, book),
    sameCacheUsd: isKnown ? usdOf(written ?? 0, read ?? 0) : null,
    noCacheUsd: isKnown ? usdOf((written ?? 0) + (read ?? 0), 0) : null,
  }
}

function modelsOf({ model }: RecordedRequest, book: PriceBook): string[] {
  const own = model === null ? [] : [model]
  const ownId = model === null ? null : getPricedModel(book, model)?.id
  const priced = [...new Set(book.models.values())].filter(({ prices }) => prices.length > 0).map(({ id }) => id)
  return [...own, ...priced.filter((id) => id !== ownId).sort()]
}
