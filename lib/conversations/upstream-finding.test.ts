import { expect, test } from 'vitest'
import { readUpstreamFinding } from './upstream-finding'

const found = (cache_miss_reason: unknown) => readUpstreamFinding({ diagnostics: { cache_miss_reason } })

test('a client that did not ask gets no finding', () => {
  expect(readUpstreamFinding(null)).toBeNull()
  expect(readUpstreamFinding({ content: [] })).toBeNull()
  expect(readUpstreamFinding({ diagnostics: null })).toBeNull()
})

test('a known reason is said in words, an unknown one as it is', () => {
  expect(found({ type: 'tools_changed', cache_missed_input_tokens: 41_000 })).toEqual({
    ...{ text: 'the tools changed', missedTokens: 41_000 },
  })
  expect(found({ type: 'moon_phase' })).toEqual({ text: 'moon_phase', missedTokens: null })
})

test('no reason is no difference, as far as the upstream had come', () => {
  expect(found(null)?.text).toBe('no difference found, or none found yet')
})
