import type { BlockHash, ListNode } from './body-node'

/** Takes what a body is cut into. */
export interface BlockSink {
  putContent(bytes: Buffer): BlockHash
  putNode(node: ListNode): BlockHash
  /** The same, only if this very node was offered before; null the first time. */
  putIfRepeated(node: ListNode): BlockHash | null
}
