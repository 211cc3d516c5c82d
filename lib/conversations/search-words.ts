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
  return [...words].map((word) => secrets.keyOf('word', word).readInt32BE())
}
