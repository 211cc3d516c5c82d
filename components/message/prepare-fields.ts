import { asArray, type JsonRecord } from '@/lib/claude/json'
import type { PreparedField } from './prepared-message'
import { safeUrl } from './safe-url'

const mostFields = 15
const mostListed = 20

/** The members of an input by name, each a line or a short list; null when one of them is more than that. */
export function prepareFields(input: JsonRecord): PreparedField[] | null {
  const entries = Object.entries(input)
  const fields = entries.flatMap(([name, value]) => {
    const text = textOf(value)
    return text === null ? [] : [{ name, text, url: name === 'url' ? safeUrl(value) : null }]
  })
  return fields.length > 0 && fields.length === entries.length && fields.length <= mostFields ? fields : null
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const texts = asArray(value).filter((one) => typeof one === 'string')
  const isShortList = Array.isArray(value) && texts.length === value.length && texts.length <= mostListed
  return isShortList ? texts.join(', ') : null
}
