import type { FakeExchange } from '@/lib/testing/fake-claude'
import { promptUsage, type Usage } from '@/lib/testing/fake-claude-usage'

/** What a call cost by the fake's own record and by prices written down here once more: nothing of the product is used. */

/** Dollars for a million tokens: input, output, cache write for 5 minutes and for an hour, cache read. */
type Rates = readonly [input: number, output: number, write5m: number, write1h: number, read: number]

const rates: Readonly<Record<string, Rates>> = {
  'claude-opus-5-5': [4, 20, 5, 8, 0.2],
  'claude-opus-5-5 fast': [8, 40, 10, 16, 0.4],
  'claude-fable-5-2': [8, 40, 10, 16, 0.2],
  'claude-sonnet-5-5': [2, 10, 2.5, 4, 0.1],
  'claude-sonnet-4-6': [3, 15, 3.75, 6, 0.3],
  'claude-haiku-4-5': [1, 5, 1.25, 2, 0.1],
  'claude-haiku-5-5': [0.1, 0.5, 0.125, 0.2, 0.01],
  'claude-haiku-5-5 over 100000': [0.5, 2.5, 0.625, 1, 0.05],
}
const webSearchUsd = 0.01

export interface Charged {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationInputTokens: number
  readonly cacheReadInputTokens: number
  /** null = nobody knows. */
  readonly costMicroUsd: bigint | null
  readonly confidence: 'exact' | 'partial' | 'unpriced'
}

const noTokens = { inputTokens: 0, outputTokens: 0, cacheCreationInputTokens: 0, cacheReadInputTokens: 0 }
const free: Charged = { ...noTokens, costMicroUsd: 0n, confidence: 'exact' }
/** It was lost on its way: it may have cost something. */
const unknown: Charged = { ...noTokens, costMicroUsd: null, confidence: 'partial' }

/** What the upstream charged for an exchange. */
export function chargedFor(exchange: FakeExchange): Charged {
  const { response, path } = exchange
  if (path !== '/v1/messages' || (response.status ?? 200) >= 400) return free
  if (response.usage) return chargedForUsage(exchange, response.usage)
  return response.bytes === 0 ? unknown : chargedForPart(exchange)
}

function chargedForUsage({ response, body }: FakeExchange, usage: Usage): Charged {
  const tokens = countTokens(usage, usage.output_tokens)
  const { model } = JSON.parse(body.toString()) as { model: string }
  // A refusal before any output shows tokens and is free.
  if (isRefused(response.body)) return { ...tokens, costMicroUsd: 0n, confidence: 'exact' }
  const costMicroUsd = costOf(usage, model)
  return { ...tokens, costMicroUsd, confidence: costMicroUsd === null ? 'unpriced' : 'exact' }
}

/** Cut off after its beginning: the prompt is known, and of the output a fourth of the characters that were sent. */
function chargedForPart({ body, response }: FakeExchange): Charged {
  const usage = promptUsage(body)
  const output = Math.max(usage.output_tokens, Math.ceil(sentCharacters(response.body.toString()) / 4))
  const { model } = JSON.parse(body.toString()) as { model: string }
  const costMicroUsd = costOf({ ...usage, output_tokens: output }, model)
  return { ...countTokens(usage, output), costMicroUsd, confidence: 'partial' }
}

function countTokens(usage: Usage, outputTokens: number) {
  return {
    inputTokens: usage.input_tokens,
    outputTokens,
    cacheCreationInputTokens: usage.cache_creation_input_tokens,
    cacheReadInputTokens: usage.cache_read_input_tokens,
  }
}

function isRefused(answer: Buffer): boolean {
  return answer.includes('"stop_reason":"refusal"')
}

/** Text in the events that were sent whole. */
function sentCharacters(stream: string): number {
  const texts = stream
    .split('\n\n')
    .slice(0, -1)
    .map((frame) => /^data: (.*)$/m.exec(frame)?.[1] ?? '{}')
    .map((data) => (JSON.parse(data) as { delta?: { text?: string } }).delta?.text ?? '')
  return texts.join('').length
}

interface Iteration extends Usage {
  readonly type: string
  readonly model?: string
}

/** Micro-dollars, rounded once for the call; null without a price. */
function costOf(usage: Usage, model: string): bigint | null {
  const iterations = (usage.iterations as Iteration[] | undefined) ?? []
  const attempts = iterations.length === 0 ? [{ ...usage, type: 'message', model }] : iterations
  // The model that declined before it said anything is free.
  const billed = attempts.filter(({ output_tokens }) => output_tokens > 0)
  const searches = (usage.server_tool_use as { web_search_requests?: number } | undefined)?.web_search_requests ?? 0
  let pico = BigInt(searches * webSearchUsd * 1e12)
  for (const attempt of billed) {
    const cost = picoOf(attempt, ratesOf(attempt, attempt.model ?? model, usage.speed))
    if (cost === null) return null
    pico += usage.inference_geo === 'us' ? (cost * 11n) / 10n : cost
  }
  return (pico + 500_000n) / 1_000_000n
}

function ratesOf(usage: Usage, model: string, speed: string | undefined): Rates | undefined {
  const prompt = usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens
  if (speed === 'fast') return rates[`${model} fast`]
  return (prompt > 100_000 ? rates[`${model} over 100000`] : undefined) ?? rates[model]
}

/** A dollar for a million tokens is a million pico-dollars a token. */
function picoOf(usage: Usage, priced: Rates | undefined): bigint | null {
  if (!priced) return null
  const { ephemeral_5m_input_tokens: write5m, ephemeral_1h_input_tokens: write1h } = usage.cache_creation
  const counts = [usage.input_tokens, usage.output_tokens, write5m, write1h, usage.cache_read_input_tokens]
  return counts.reduce((sum, count, index) => sum + BigInt(count) * BigInt(Math.round((priced[index] ?? 0) * 1e6)), 0n)
}

export interface ChargedSums {
  readonly requests: number
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheCreationInputTokens: number
  readonly cacheReadInputTokens: number
  readonly costMicroUsd: number
  readonly unpriced: number
}

export function sumCharged(all: readonly Charged[]): ChargedSums {
  const sum = (valueOf: (one: Charged) => number) => all.reduce((total, one) => total + valueOf(one), 0)
  return {
    requests: all.length,
    inputTokens: sum((one) => one.inputTokens),
    outputTokens: sum((one) => one.outputTokens),
    cacheCreationInputTokens: sum((one) => one.cacheCreationInputTokens),
    cacheReadInputTokens: sum((one) => one.cacheReadInputTokens),
    costMicroUsd: sum((one) => Number(one.costMicroUsd ?? 0n)),
    unpriced: sum((one) => (one.confidence === 'unpriced' ? 1 : 0)),
  }
}
