import { expect, test, vi } from 'vitest'
import { joinNode } from '@/lib/blocks/body-node'
import { BlockCollector, SplitMemory } from '@/lib/blocks/collector'
import { makeDomainKeys } from '@/lib/blocks/domain-keys'
import { aBegin, anEnd } from '@/lib/testing/recorder-fixtures'
import { joinExchange } from './assemble-exchange'
import { readDetail, splitDetail } from './exchange-detail'

test('timings that were stored in one list are read as well', () => {
  const stored = {
    ...{ received: [], forwarded: [], returned: [], values: [], target: '/v1/messages', attempts: [] },
    ...{ arrivals: [16, 598, 32, 504], drops: [null, null] },
  }
  expect(readDetail(Buffer.from(JSON.stringify(stored))).arrivals).toEqual([
    { offsetMs: 16, byteLength: 598 },
    { offsetMs: 48, byteLength: 504 },
  ])
})

test('header lists that come again are recognised, and the recipe is the same as if they were not', () => {
  const keys = makeDomainKeys('test-only-encryption-key-0123456789abcdef')(null)
  const requestHeaders = Array.from({ length: 40 }, (_, index) => [`x-header-${index}`, `value ${index}`] as const)
  const exchange = joinExchange({ begin: aBegin({ requestHeaders }), requestBytes: 0, requestDrop: null }, [], {
    end: anEnd(),
    endedAtMs: 0,
    responseBytes: 0,
    responseDrop: null,
    arrivals: [],
    bytes: Buffer.alloc(0),
  })
  const memory = new SplitMemory()
  const recipes = [1, 2, 3].map(() => {
    const collector = new BlockCollector(keys, memory)
    const putIfRepeated = vi.spyOn(collector, 'putIfRepeated')
    const node = splitDetail(exchange, collector)
    const detail = joinNode(node, (hash) => {
      const content = collector.find(hash)?.content
      if (content?.kind !== 'node') throw new Error('a block is missing')
      return joinNode(content.node, () => Buffer.alloc(0))
    })
    expect(readDetail(detail).receivedHeaders).toEqual(requestHeaders)
    return { node, looks: putIfRepeated.mock.calls.length }
  })
  const [, second, third] = recipes
  expect(third?.node).toEqual(second?.node)
  expect(third?.looks).toBeLessThan(second?.looks ?? 0)
})
