import { LRUCache } from 'lru-cache'
import type { LinkSecrets } from './link-secrets'

const maxWords = 300
const maxScanned = 40_000
const wordPattern = /[\p{L}\p{N}_]{2,40}/gu

/** The words of a text as keyed numbers of 32 bits: the database can find them and cannot read them. */
export function searchWordsOf(text: string, secrets: LinkSecrets): number[] {
  const words = new Set<string>()
  for (const [word] of text.slice(0, maxScanned).toLowerCase().matchAll(wordPattern)) {
    words.add(word)
    if (words.size >= maxWords) break
  }
  return Array.from(words, (word) => numberOf(word, secrets))
}

interface KnownWord {
  readonly secrets: LinkSecrets
  readonly number: number
}

/** People and models say the same few thousand words again and again. */
const known = new LRUCache<string, KnownWord>({ max: 20_000 })

function numberOf(word: string, secrets: LinkSecrets): number {
  const name = secrets.domainId + word
  const before = known.get(name)
  if (before?.secrets === secrets) return before.number
  const number = secrets.keyOf('word', word).readInt32BE()
  known.set(name, { secrets, number })
  return number
}
