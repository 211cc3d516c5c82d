const livesMs = 5 * 60_000
/** Shorter beginnings are not worth keeping to the upstream. */
const leastTokens = 1_024
const charactersPerToken = 4

interface Entry {
  readonly model: string
  readonly prompt: string
  usedAtMs: number
}

/** What the upstream keeps of the prompts of a session: a beginning is found again while it is warm. */
export class PromptCache {
  private readonly entries: Entry[] = []

  /** Tokens of this prompt that lie in the cache; from now on all of it does. */
  read(model: string, prompt: string, atMs: number): number {
    const warm = this.entries.filter((entry) => entry.model === model && atMs - entry.usedAtMs < livesMs)
    let longest = 0
    for (const entry of warm) {
      const shared = sharedLength(entry.prompt, prompt)
      if (shared > longest) longest = shared
      if (shared === entry.prompt.length) this.entries.splice(this.entries.indexOf(entry), 1)
    }
    this.entries.push({ model, prompt, usedAtMs: atMs })
    const tokens = tokensOf(longest)
    return tokens < leastTokens ? 0 : tokens
  }
}

export function tokensOf(characters: number): number {
  return Math.ceil(characters / charactersPerToken)
}

function sharedLength(a: string, b: string): number {
  if (b.startsWith(a)) return a.length
  let low = 0
  let high = Math.min(a.length, b.length)
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (b.startsWith(a.slice(0, middle))) low = middle
    else high = middle - 1
  }
  return low
}
