import type { BlockHash, ListNode } from './body-node'
import type { BlockContent } from './codec'

/** A block that a body consists of; packed only when it turns out to be new. */
export interface CollectedBlock {
  readonly hash: BlockHash
  readonly content: BlockContent
  /** Blocks that this one refers to. */
  readonly children: readonly BlockHash[]
  /** Its own bytes, without those of its children. */
  readonly rawBytes: number
}

export function contentBlock(hash: BlockHash, bytes: Buffer): CollectedBlock {
  return { hash, content: { kind: 'content', bytes }, children: [], rawBytes: bytes.length }
}

export function nodeBlock(hash: BlockHash, node: ListNode): CollectedBlock {
  const rawBytes = node.literals.reduce((total, literal) => total + literal.length, 0)
  return { hash, content: { kind: 'node', node }, children: node.blocks, rawBytes }
}

/** Every block below these, each once; `isKnown` ones and what is below them are left out. */
export function* reachable(
  roots: readonly BlockHash[],
  find: (hash: BlockHash) => CollectedBlock | undefined,
  isKnown: (hash: BlockHash) => boolean = () => false,
): Generator<CollectedBlock, void, undefined> {
  const seen = new Set<BlockHash>()
  const open = [...roots]
  for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
    if (seen.has(hash) || isKnown(hash)) continue
    seen.add(hash)
    const block = find(hash)
    if (!block) throw new Error('a block of a recipe was not collected')
    yield block
    open.push(...block.children)
  }
}
