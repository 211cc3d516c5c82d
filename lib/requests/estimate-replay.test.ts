import { expect, test } from 'vitest'
import { priceBook } from '@/lib/claude/price-book'
import { estimateReplay } from './estimate-replay'
import type { RecordedRequest } from './get-request'

const at = new Date('2026-11-22T10:00:00.000Z')
const factsOf = (more: Partial<RecordedRequest>) =>
  ({
    model: 'claude-opus-5-5',
    inputTokens: 1_000,
    outputTokens: 500,
    cacheCreationInputTokens: 2_000,
    cacheReadInputTokens: 100_000,
    ...more,
  }) as RecordedRequest

test('without its cache a request costs more than with it', () => {
  const { sameCacheUsd, noCacheUsd, models } = estimateReplay(factsOf({}), { book: priceBook(), at })
  expect(Number(sameCacheUsd)).toBeGreaterThan(0)
  expect(Number(noCacheUsd)).toBeGreaterThan(Number(sameCacheUsd))
  expect(models[0]).toBe('claude-opus-5-5')
  expect(new Set(models).size).toBe(models.length)
})

test('what has no price, or no tokens, is unknown and never free', () => {
  const book = priceBook()
  expect(estimateReplay(factsOf({}), { model: 'claude-nobody-knows', book, at }).sameCacheUsd).toBeNull()
  expect(estimateReplay(factsOf({ inputTokens: null }), { book, at })).toMatchObject({
    sameCacheUsd: null,
    noCacheUsd: null,
  })
})
