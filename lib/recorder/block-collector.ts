import type { LRUCache } from 'lru-cache'
import { contentKinds, nodeIdentity, type BlockContent } from './block-codec'
import type { BlockSink } from './block-sink'
import type { BlockHash, ListNode } from './body-node'
import type { DomainKeys } from './domain-keys'

/** A block that a body consists of; packed only when it turns out to be new. */
export interface CollectedBlock {
  readonly hash: BlockHash
  readonly content: BlockContent
  /** Blocks that this one refers to. */
  readonly children: readonly BlockHash[]
  /** Its own bytes, without those of its children. */
  readonly rawBytes: number
}

/** Gathers the blocks of one exchange, each once. */
export class BlockCollector implements BlockSink {
  readonly blocks = new Map<BlockHash, CollectedBlock>()

  constructor(
    readonly keys: DomainKeys,
    /** Nodes that were offered before, in any exchange. */
    private readonly offered: LRUCache<BlockHash, true>,
  ) {}

  putContent(bytes: Buffer): BlockHash {
    const hash = this.keys.hashOf(contentKinds.content, [bytes])
    if (!this.blocks.has(hash))
      this.blocks.set(hash, { hash, content: { kind: 'content', bytes }, children: [], rawBytes: bytes.length })
    return hash
  }

  putNode(node: ListNode): BlockHash {
    return this.put(node, this.hashOf(node))
  }

  putIfRepeated(node: ListNode): BlockHash | null {
    const hash = this.hashOf(node)
    if (this.offered.has(hash)) return this.put(node, hash)
    this.offered.set(hash, true)
    return null
  }

  private put(node: ListNode, hash: BlockHash): BlockHash {
    if (this.blocks.has(hash)) return hash
    const rawBytes = node.literals.reduce((total, literal) => total + literal.length, 0)
    this.blocks.set(hash, { hash, content: { kind: 'node', node }, children: node.blocks, rawBytes })
    return hash
  }

  private hashOf(node: ListNode): BlockHash {
    return this.keys.hashOf(contentKinds.list, nodeIdentity(node))
  }
}
