import { BlockSet } from './block-set'
import type { BlockHash, ListNode } from './body-node'
import { contentKinds, nodeIdentity } from './codec'
import { contentBlock, nodeBlock, reachable, type CollectedBlock } from './collected-block'
import type { DomainKeys } from './domain-keys'
import { nodeOfSpan, type BlockSink, type KnownSpan, type Place, type Section, type Span } from './sink'
import { SpanMemo } from './span-memo'

/** What a process remembers of the bodies before: it only saves work, and changes no recipe's meaning. */
export class SplitMemory {
  readonly spans = new SpanMemo()
  /** Nodes that were offered once and not stored. */
  readonly offered = new BlockSet(16_384)
}

/** Gathers the blocks of one exchange, each once. */
export class BlockCollector implements BlockSink {
  private readonly own = new Map<BlockHash, CollectedBlock>()
  /** Blocks of spans that were recalled. */
  private readonly recalled: ReadonlyMap<BlockHash, CollectedBlock>[] = []

  constructor(
    readonly keys: DomainKeys,
    private readonly memory: SplitMemory,
  ) {}

  find(hash: BlockHash): CollectedBlock | undefined {
    const own = this.own.get(hash)
    if (own) return own
    for (const blocks of this.recalled) if (blocks.has(hash)) return blocks.get(hash)
    return undefined
  }

  putContent(bytes: Buffer): BlockHash {
    const hash = this.keys.hashOf(contentKinds.content, [bytes])
    if (!this.own.has(hash)) this.own.set(hash, contentBlock(hash, bytes))
    return hash
  }

  putNode(node: ListNode): BlockHash {
    return this.put(node, this.hashOf(node))
  }

  putIfRepeated(node: ListNode): BlockHash | null {
    const hash = this.hashOf(node)
    if (this.memory.offered.has(hash)) return this.put(node, hash)
    this.memory.offered.add(hash)
    return null
  }

  putSpan(span: Span): BlockHash {
    const hash = this.putNode(nodeOfSpan(span))
    this.memory.spans.rememberNode(this.scope('node', span.startShape), span, hash)
    return hash
  }

  recallSpan(bytes: Buffer, { at, shape }: Place): KnownSpan | null {
    return this.recall(this.scope('node', shape), bytes, at)
  }

  noteSection(section: Section, hash: BlockHash): void {
    const blocks = [...reachable([hash], (below) => this.find(below))]
    this.memory.spans.rememberSection(this.scope('section', section.startShape), section, { hash, blocks })
  }

  recallSection(bytes: Buffer, { at, shape }: Place): KnownSpan | null {
    return this.recall(this.scope('section', shape), bytes, at)
  }

  private scope(kind: 'node' | 'section', shape: number): string {
    return `${this.keys.domainId}${kind}${shape}.`
  }

  private recall(scope: string, bytes: Buffer, at: number): KnownSpan | null {
    const known = this.memory.spans.recall(scope, bytes, at)
    if (known) this.recalled.push(known.blocks)
    return known
  }

  private put(node: ListNode, hash: BlockHash): BlockHash {
    if (!this.own.has(hash)) this.own.set(hash, nodeBlock(hash, node))
    return hash
  }

  private hashOf(node: ListNode): BlockHash {
    return this.keys.hashOf(contentKinds.list, nodeIdentity(node))
  }
}
