import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { streamOf } from '@/lib/testing/recorder-fixtures'
import { blocksOf, joinNode, type BlockHash, type BodyNode } from './body-node'
import { pack, unpack, type BlockContent } from './codec'
import { BlockCollector, SplitMemory } from './collector'
import { makeDomainKeys } from './domain-keys'
import { KnownBlocks } from './known-blocks'
import { splitBody } from './split-body'

const keys = makeDomainKeys('test-only-encryption-key-0123456789abcdef')(null)

function makeCollector(memory = new SplitMemory()) {
  return new BlockCollector(keys, memory)
}

/** Every block that a body needs, and how many bytes of its own it has. */
function blocksBelow(node: BodyNode, collector: BlockCollector): Map<BlockHash, number> {
  const all = new KnownBlocks(Date.now).unknownOf(blocksOf(node), (hash) => collector.find(hash))
  return new Map(all.map(({ hash, rawBytes }) => [hash, rawBytes]))
}

/** Joins a body from its packed blocks, as reading it back does. */
function join(node: BodyNode, packed: ReadonlyMap<BlockHash, BlockContent>): Buffer {
  return joinNode(node, (hash) => {
    const content = packed.get(hash)
    if (!content) throw new Error('a block is missing')
    return content.kind === 'content' ? content.bytes : join(content.node, packed)
  })
}

async function splitAndJoin(bytes: Buffer, collector = makeCollector()): Promise<Buffer> {
  const node = await splitBody(bytes, collector)
  const root = unpack(pack({ kind: 'node', node }))
  if (root.kind !== 'node') throw new Error('the recipe is no node')
  const hashes = [...blocksBelow(node, collector).keys()]
  return join(root.node, new Map(hashes.map((hash) => [hash, unpack(pack(contentOf(collector, hash)))])))
}

function contentOf(collector: BlockCollector, hash: BlockHash): BlockContent {
  const block = collector.find(hash)
  if (!block) throw new Error('a block is missing')
  return block.content
}

describe('what is cut up comes together again', { timeout: 30_000 }, () => {
  test('for any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (array) => {
        const bytes = Buffer.from(array)
        expect((await splitAndJoin(bytes)).equals(bytes)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  test('for any JSON, with long strings in it', async () => {
    const long = fc.string({ minLength: 200, maxLength: 900, unit: 'binary' })
    const value = fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' })
    const body = fc.record({
      messages: fc.array(fc.oneof(value, long), { maxLength: 60 }),
      system: value,
      tools: fc.array(long, { maxLength: 5 }),
    })
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom(0, 2), async (content, indent) => {
        const bytes = Buffer.from(JSON.stringify(content, null, indent))
        const collector = makeCollector()
        // Twice: what repeats takes another way.
        await splitAndJoin(bytes, collector)
        expect((await splitAndJoin(bytes, collector)).equals(bytes)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  test('for JSON-like bytes that are no JSON', async () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      '"',
      '\\',
      '\\"',
      ':',
      ' ',
      '\n',
      'x'.repeat(300),
      '"' + 'y'.repeat(300),
      'é',
      '\0',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 200 }), async (list) => {
        const bytes = Buffer.from(`{${list.join('')}`)
        expect((await splitAndJoin(bytes)).equals(bytes)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  test('for streams of events, whole or torn anywhere', async () => {
    const text = fc.string({ maxLength: 60, unit: 'binary' })
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 40 }), fc.nat(100), async (texts, percent) => {
        const whole = streamOf(...texts)
        const bytes = whole.subarray(0, Math.ceil((whole.length * percent) / 100))
        expect((await splitAndJoin(bytes)).equals(bytes)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })

  test('for lines that look like events and are not', async () => {
    const line = fc.constantFrom(
      'event: content_block_delta\n',
      'data: {"delta":{"type":"text_delta","text":"',
      'a"}}',
      '\\',
      '"',
      '\n\n',
      'data:',
      '_delta","',
      '":"',
      '\r\n',
    )
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 80 }), async (list) => {
        const bytes = Buffer.from(`data: ${list.join('')}`)
        expect((await splitAndJoin(bytes)).equals(bytes)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})

/** The bytes of the blocks that the second body needs and the first did not. */
async function newBytes(first: string, second: string): Promise<number> {
  const memory = new SplitMemory()
  const [one, other] = [makeCollector(memory), makeCollector(memory)]
  const before = blocksBelow(await splitBody(Buffer.from(first), one), one)
  const after = blocksBelow(await splitBody(Buffer.from(second), other), other)
  return [...after].filter(([hash]) => !before.has(hash)).reduce((total, [, bytes]) => total + bytes, 0)
}

/** Text that is different for every seed and repeats nothing. */
function long(seed: number, length = 2_000): string {
  let state = seed + 1
  const letter = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return String.fromCharCode(97 + ((state >>> 16) % 26))
  }
  return Array.from({ length }, letter).join('')
}

const bodyOf = (messages: unknown) => JSON.stringify({ model: 'claude', messages, stream: true })

describe('a change costs what is new', () => {
  test('a cache_control that moves on stores no text again', async () => {
    const messages = [1, 2, 3, 4].map((seed) => ({ role: 'user', content: [{ type: 'text', text: long(seed) }] }))
    const marked = (at: number) =>
      bodyOf(
        messages.map((message, index) =>
          index === at
            ? { ...message, content: [{ ...message.content[0], cache_control: { type: 'ephemeral' } }] }
            : message,
        ),
      )
    expect(await newBytes(marked(2), marked(3))).toBeLessThan(1_000)
  })

  test('a text that becomes a one-block list is the same text', async () => {
    const asText = bodyOf([{ role: 'user', content: long(1) }])
    const asList = bodyOf([{ role: 'user', content: [{ type: 'text', text: long(1) }] }])
    expect(await newBytes(asText, asList)).toBeLessThan(200)
  })

  test('an edit in the middle of a long text stores about the edited piece', async () => {
    const text = Array.from({ length: 2_000 }, (_, index) => `line ${index * 7919} of a file that is read twice`).join(
      '\\n',
    )
    const edited = text.replace('line 7919000 ', 'line EDITED ')
    expect(edited).not.toBe(text)
    expect(await newBytes(bodyOf([{ content: text }]), bodyOf([{ content: edited }]))).toBeLessThan(33_000)
  })

  test('an answer that comes back in the next request is one block with its stream', async () => {
    const answer = long(5)
    const collector = makeCollector()
    const stream = streamOf(answer.slice(0, 700), answer.slice(700, 1_001), answer.slice(1_001))
    const streamed = blocksBelow(await splitBody(stream, collector), collector)
    const request = Buffer.from(bodyOf([{ role: 'assistant', content: answer }]))
    expect(streamed.size).toBe(1)
    expect(blocksBelow(await splitBody(request, collector), collector)).toEqual(streamed)
  })

  test.each([
    { what: 'in thousands of events', pieceLength: 300 },
    { what: 'in a line that is longer than what is looked at in one go', pieceLength: 1_700_000 },
  ])('also an answer of megabytes, $what', async ({ pieceLength }) => {
    const answer = long(6, 3_000_000)
    const pieces = Array.from({ length: Math.ceil(answer.length / pieceLength) }, (_, index) =>
      answer.slice(index * pieceLength, (index + 1) * pieceLength),
    )
    const collector = makeCollector()
    const stream = streamOf(...pieces)
    const streamed = blocksBelow(await splitBody(stream, collector), collector)
    const request = Buffer.from(bodyOf([{ role: 'assistant', content: answer }]))
    expect(blocksBelow(await splitBody(request, collector), collector)).toEqual(streamed)
    expect((await splitAndJoin(stream)).equals(stream)).toBe(true)
  })
})

test('the recipe of a conversation does not grow with its length', async () => {
  const collector = makeCollector()
  const sizes: number[] = []
  const messages: unknown[] = []
  for (let turn = 0; turn < 400; turn += 1) {
    messages.push(
      { role: 'assistant', content: [{ type: 'text', text: long(turn, 400) }] },
      { role: 'user', content: long(turn + 1_000, 90) },
    )
    const root = await splitBody(Buffer.from(bodyOf(messages)), collector)
    sizes.push(pack({ kind: 'node', node: root }).bytes.length)
  }
  const mean = (list: number[]) => list.reduce((total, size) => total + size, 0) / list.length
  expect(mean(sizes.slice(300))).toBeLessThan(mean(sizes.slice(50, 150)) * 1.6)
  expect(Math.max(...sizes)).toBeLessThan(3_000)
})

test('what is remembered of earlier bodies changes no recipe', async () => {
  const text = fc.string({ minLength: 0, maxLength: 700, unit: 'binary' })
  const message = fc.record({
    role: fc.constantFrom('user', 'assistant'),
    content: fc.oneof(text, fc.array(fc.record({ type: fc.constant('text'), text }), { maxLength: 4 })),
  })
  const script = fc.record({
    messages: fc.array(message, { minLength: 10, maxLength: 40 }),
    tools: fc.array(fc.record({ name: text, description: text }), { maxLength: 20 }),
    edits: fc.array(fc.nat(39), { maxLength: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(script, async ({ messages, tools, edits }) => {
      const [remembering, forgetful] = [new SplitMemory(), new SplitMemory()]
      vi.spyOn(forgetful.spans, 'recall').mockReturnValue(null)
      for (let turn = 5; turn <= messages.length; turn += 5) {
        const sent = messages
          .slice(0, turn)
          .map((one, index) => (edits.includes(index + turn) ? { ...one, edited: turn } : one))
        const bytes = Buffer.from(JSON.stringify({ model: 'm', messages: sent, tools }))
        const [fast, slow] = [makeCollector(remembering), makeCollector(forgetful)]
        const [one, other] = [await splitBody(bytes, fast), await splitBody(bytes, slow)]
        expect(one).toEqual(other)
        expect([...blocksBelow(one, fast)].sort()).toEqual([...blocksBelow(other, slow)].sort())
        expect((await splitAndJoin(bytes, makeCollector(remembering))).equals(bytes)).toBe(true)
      }
    }),
    { numRuns: 40 },
  )
}, 60_000)

test('blocks of one domain have names that no other domain has', () => {
  const other = makeDomainKeys('test-only-encryption-key-0123456789abcdef')('0192a1b2-0000-7000-8000-00000000000a')
  expect(other.hashOf(0, [Buffer.from('same')])).not.toBe(keys.hashOf(0, [Buffer.from('same')]))
})

test('a node refers to its blocks in order', async () => {
  const root = await splitBody(Buffer.from(bodyOf([{ content: long(1) }, { content: long(2) }])), makeCollector())
  expect(new Set(blocksOf(root)).size).toBe(2)
})
