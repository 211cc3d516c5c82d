import { BlockSet } from './block-set'
import type { BlockHash } from './body-node'
import { reachable, type CollectedBlock } from './collected-block'

/** Two megabytes of hashes. */
const mostKnown = 131_072

/**
 * The blocks that this process knows to be in the database, with a `last_seen_on` that was written today. A block
 * is trusted on that day only: the garbage collector spares what was seen lately.
 */
export class KnownBlocks {
  private readonly blocks = new BlockSet(mostKnown)
  private day = 0

  constructor(private readonly now: () => number) {}

  get today(): number {
    return Math.floor(this.now() / 86_400_000)
  }

  /** What must be written or touched. A known block vouches for the blocks below it: they were seen together. */
  unknownOf(roots: readonly BlockHash[], find: (hash: BlockHash) => CollectedBlock | undefined): CollectedBlock[] {
    this.forgetYesterday()
    return [...reachable(roots, find, (hash) => this.blocks.has(hash))]
  }

  add(blocks: readonly CollectedBlock[]): void {
    this.forgetYesterday()
    for (const { hash } of blocks) this.blocks.add(hash)
  }

  clear(): void {
    this.blocks.clear()
  }

  private forgetYesterday(): void {
    const { today } = this
    if (today !== this.day) this.clear()
    this.day = today
  }
}
