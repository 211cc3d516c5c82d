import { LRUCache } from 'lru-cache'
import { timeOfId } from '@/lib/ids'
import { weekStartOf } from '@/lib/recorder/partitions'

const mostRemembered = 1_000_000
const none = new Int32Array(0)

/** A request whose messages go on from a known request's, and the words that are new in its text. */
interface Saying {
  readonly requestId: string
  readonly baseRequestId: string | null
  readonly words: readonly number[]
}

/**
 * The words that a request's beginning has stored already: a conversation is found by a word, however often it was
 * said in it. Only saves room; a process that begins, or forgot, stores a word again. What is remembered of a
 * request holds as soon as that request can be found in the database.
 */
export class SaidWords {
  private readonly known = new LRUCache<string, Int32Array>({
    maxSize: mostRemembered,
    sizeCalculation: (words) => words.length + 50,
  })

  /** Those that its beginning did not have. */
  add({ requestId, baseRequestId, words }: Saying): number[] {
    // Weeks go one by one: each must be searchable alone.
    const isKnown = baseRequestId !== null && weekOf(baseRequestId) === weekOf(requestId)
    const before = (isKnown && this.known.get(baseRequestId)) || none
    const fresh = words.filter((word) => !includes(before, word))
    this.known.set(requestId, Int32Array.of(...before, ...fresh).sort())
    return fresh
  }
}

const weekOf = (requestId: string) => weekStartOf(timeOfId(requestId).getTime())

/** In a sorted array. */
function includes(words: Int32Array, wanted: number): boolean {
  let [from, to] = [0, words.length]
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((words[middle] ?? 0) < wanted) from = middle + 1
    else to = middle
  }
  return words[from] === wanted
}
