import type { FakeExchange } from './fake-claude-exchange'

/** The usage object of the Claude API, as far as the fake fills it. */
export interface Usage {
  readonly input_tokens: number
  readonly cache_creation_input_tokens: number
  readonly cache_read_input_tokens: number
  readonly cache_creation: { readonly ephemeral_5m_input_tokens: number; readonly ephemeral_1h_input_tokens: number }
  readonly output_tokens: number
  readonly service_tier: string
  readonly inference_geo: string
  readonly speed?: string
  readonly [more: string]: unknown
}

/**
 * The fake's tokenizer, simple enough to be computed in a test:
 * - prompt = bytes of the request body / 4, rounded up;
 * - a body that asks for caching (`cache_control` anywhere) reads half of the prompt from the cache and writes a
 *   tenth to it (the one-hour cache when a `"ttl":"1h"` is asked, else five minutes); the rest is plain input;
 * - `"inference_geo":"us"` and `"speed":"fast"` are served as asked.
 */
export function promptUsage(body: Buffer): Usage {
  const prompt = tokensOf(body)
  const text = body.toString('latin1')
  const cached = text.includes('"cache_control"')
  const read = cached ? Math.floor(prompt / 2) : 0
  const write = cached ? Math.floor(prompt / 10) : 0
  const oneHour = /"ttl"\s*:\s*"1h"/.test(text)
  return {
    input_tokens: prompt - read - write,
    cache_creation_input_tokens: write,
    cache_read_input_tokens: read,
    cache_creation: {
      ephemeral_5m_input_tokens: oneHour ? 0 : write,
      ephemeral_1h_input_tokens: oneHour ? write : 0,
    },
    output_tokens: 1,
    service_tier: 'standard',
    inference_geo: /"inference_geo"\s*:\s*"us"/.test(text) ? 'us' : 'global',
    ...(/"speed"\s*:\s*"fast"/.test(text) ? { speed: 'fast' } : {}),
  }
}

/** Four bytes are a token, and nothing is free. */
export function tokensOf(bytes: Buffer): number {
  return Math.max(1, Math.ceil(bytes.length / 4))
}

export interface Truth {
  readonly requests: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationInputTokens: number
  readonly cacheReadInputTokens: number
}

/** Sums what the fake charged for the messages that it answered to the end. */
export function sumUsage(exchanges: readonly FakeExchange[]): Truth {
  const usages = exchanges.flatMap(({ response }) => (response.finished && response.usage ? [response.usage] : []))
  const sum = (pick: (usage: Usage) => number) => usages.reduce((total, usage) => total + pick(usage), 0)
  return {
    requests: usages.length,
    inputTokens: sum((usage) => usage.input_tokens),
    outputTokens: sum((usage) => usage.output_tokens),
    cacheCreationInputTokens: sum((usage) => usage.cache_creation_input_tokens),
    cacheReadInputTokens: sum((usage) => usage.cache_read_input_tokens),
  }
}
