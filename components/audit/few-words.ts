import { z } from 'zod'
import { cleanText } from '@/components/message/clean-text'

const plain = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
const mostChars = 60

/** A detail that is short enough to be read as it stands, `domain: team-a.example.com`; else null. Pure. */
export function fewWords(detail: string): string | null {
  const parsed = plain.safeParse(parse(detail))
  if (!parsed.success) return null
  const words = Object.entries(parsed.data).map(([name, value]) => `${name}: ${value}`)
  const text = cleanText(words.join(', '))
  return text.length <= mostChars ? text : null
}

function parse(detail: string): unknown {
  try {
    return JSON.parse(detail)
  } catch {
    // Masking may have cut the JSON.
    return null
  }
}
