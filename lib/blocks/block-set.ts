import { hashBytes, type BlockHash } from './body-node'

/** Hashes of one shelf, the latest first; a full shelf forgets its last. */
const shelfLength = 8
const wordsPerHash = hashBytes / Int32Array.BYTES_PER_ELEMENT
const wordsPerShelf = shelfLength * wordsPerHash

/**
 * Hashes that were seen lately, in memory that is taken at once and never grows: what comes to a full place pushes
 * out the one there that was not asked for longest. Whole hashes are compared: it never says yes to another one.
 */
export class BlockSet {
  private readonly words: Int32Array
  private readonly shelves: number
  private readonly wanted = new Int32Array(wordsPerHash)

  constructor(capacity: number) {
    this.shelves = Math.ceil(capacity / shelfLength)
    this.words = new Int32Array(this.shelves * wordsPerShelf)
  }

  has(hash: BlockHash): boolean {
    const shelf = this.shelfOf(hash)
    const found = this.find(shelf)
    if (found < 0) return false
    this.putFirst(shelf, found)
    return true
  }

  add(hash: BlockHash): void {
    const shelf = this.shelfOf(hash)
    const found = this.find(shelf)
    this.putFirst(shelf, found < 0 ? shelfLength - 1 : found)
  }

  clear(): void {
    this.words.fill(0)
  }

  /** Where its shelf begins; the hash itself is in `wanted` then. */
  private shelfOf(hash: BlockHash): number {
    for (let word = 0; word < wordsPerHash; word += 1) this.wanted[word] = wordOf(hash, word * 4)
    // No hash of a block is all zeros, as empty places are.
    return (((this.wanted[0] ?? 0) >>> 0) % this.shelves) * wordsPerShelf
  }

  /** Its place on the shelf, -1 where it is not there. */
  private find(shelf: number): number {
    const { words, wanted } = this
    for (let place = 0; place < shelfLength; place += 1) {
      const at = shelf + place * wordsPerHash
      let word = 0
      while (word < wordsPerHash && words[at + word] === wanted[word]) word += 1
      if (word === wordsPerHash) return place
    }
    return -1
  }

  /** What stood before this place moves on by one. */
  private putFirst(shelf: number, place: number): void {
    if (place > 0) this.words.copyWithin(shelf + wordsPerHash, shelf, shelf + place * wordsPerHash)
    this.words.set(this.wanted, shelf)
  }
}

function wordOf(hash: BlockHash, at: number): number {
  return (
    hash.charCodeAt(at) |
    (hash.charCodeAt(at + 1) << 8) |
    (hash.charCodeAt(at + 2) << 16) |
    (hash.charCodeAt(at + 3) << 24)
  )
}
