import { expect, test } from 'vitest'
import type { BodyNode } from './body-node'
import { pack } from './codec'
import { makeDomainKeys } from './domain-keys'
import { seal } from './seal'
import { sealRecipes, unsealRecipes, type PartName } from './sealed-part'

const keys = makeDomainKeys('test-only-encryption-key-0123456789abcdef')(null)
const requestId = '01a20657-060b-71a8-91ff-4be7df277fae'
const listOf = (...texts: string[]): BodyNode => ({
  kind: 'list',
  blocks: texts.slice(1).map((text) => text.padEnd(16, '.').slice(0, 16)),
  literals: texts.map((text) => Buffer.from(text)),
})
const weave: BodyNode = {
  kind: 'weave',
  texts: [{ kind: 'list', blocks: [], literals: [Buffer.from('Hello')] }],
  pieces: [{ gapLength: 3, text: 0, length: 5 }],
  gaps: Buffer.from('<p></p>'),
}
const apart = { request: null, response: null, detail: null }

test('recipes come back as they were sealed, and one that was not kept stays away', () => {
  for (const recipes of [
    { request: listOf('a', 'b'), response: weave, detail: listOf('{}') },
    { request: null, response: null, detail: listOf('x'.repeat(500), 'y') },
  ])
    expect(unsealRecipes(keys, { requestId, ...apart, recipes: sealRecipes(keys, requestId, recipes) })).toEqual(
      recipes,
    )
})

test('recipes that were moved to another request do not open', () => {
  const recipes = sealRecipes(keys, requestId, { ...apart, detail: listOf('{}') })
  const another = requestId.replace('01a2', '01a3')
  expect(() => unsealRecipes(keys, { requestId: another, ...apart, recipes })).toThrow()
})

test('recipes that were sealed one by one still open', () => {
  const sealApart = (part: PartName, node: BodyNode) => {
    const { codec, bytes } = pack({ kind: 'node', node })
    const context = `${keys.domainId}|${requestId}|${part}|${codec}`
    return Buffer.concat([Buffer.from([codec]), seal(keys.sealKey, context, bytes)])
  }
  const request = listOf('a', 'b')
  const row = {
    ...{ requestId, recipes: null, response: null },
    ...{ request: sealApart('request', request), detail: sealApart('detail', listOf('{}')) },
  }
  expect(unsealRecipes(keys, row)).toEqual({ request, response: null, detail: listOf('{}') })
})
