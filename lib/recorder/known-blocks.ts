import { LRUCache } from 'lru-cache'
import type { BlockHash } from './body-node'
import { reachable, type CollectedBlock } from './collected-block'

/**
 * The blocks that this process knows to be in the database, with the day on which their `last_seen_on` was
 * last written. A block is trusted on that day only: the garbage collector spares what was seen lately.
 */
export class KnownBlocks {
  private readonly days = new LRUCache<BlockHash, number>({ max: 100_000 })

  constructor(private readonly now: () => number) {}

  get today(): number {
    return Math.floor(this.now() / 86_400_000)
  }

  /** What must be written or touched. A known block vouches for the blocks below it: they were seen together. */
  unknownOf(roots: readonly BlockHash[], find: (hash: BlockHash) => CollectedBlock | undefined): CollectedBlock[] {
    const { today } = this
    return [...reachable(roots, find, (hash) => this.days.get(hash) === today)]
  }

  add(blocks: readonly CollectedBlock[]): void {
    const { today } = this
    for (const { hash } of blocks) this.days.set(hash, today)
  }

  clear(): void {
    this.days.clear()
  }
}
