import type { NewOverride } from '@/lib/usage/price-override-row'

/** A price as it is being typed: texts, US dollars for a million tokens. */
export interface PriceDraft {
  readonly model: string
  readonly from: string
  readonly input: string
  readonly output: string
  readonly cacheWrite5m: string
  readonly cacheWrite1h: string
  readonly cacheRead: string
  readonly note: string
}

export const rateFields = [
  { field: 'input', label: 'Input' },
  { field: 'output', label: 'Output' },
  { field: 'cacheWrite5m', label: 'Cache write, 5 minutes' },
  { field: 'cacheWrite1h', label: 'Cache write, 1 hour' },
  { field: 'cacheRead', label: 'Cache read' },
] as const

export function emptyDraft(model: string, today: Date): PriceDraft {
  const from = `${today.toISOString().slice(0, 7)}-01`
  return { model, from, input: '', output: '', cacheWrite5m: '', cacheWrite1h: '', cacheRead: '', note: '' }
}

/** What the cache usually costs, where nothing is typed: writes 1.25 and 2 times the input, reads a tenth of it. */
export function fillCacheRates(draft: PriceDraft): PriceDraft {
  const input = readUsd(draft.input)
  if (input === null) return draft
  const usual = (factor: number) => String(Number((input * factor).toFixed(6)))
  return {
    ...draft,
    cacheWrite5m: draft.cacheWrite5m || usual(1.25),
    cacheWrite1h: draft.cacheWrite1h || usual(2),
    cacheRead: draft.cacheRead || usual(0.1),
  }
}

/** For the API, which names what is missing: a field without a number is sent as it is. */
export function priceOf(draft: PriceDraft): NewOverride {
  const rates = Object.fromEntries(
    rateFields.map(({ field }) => [field, readUsd(draft[field])]),
  ) as NewOverride['rates']
  return { model: draft.model, from: draft.from, rates, bands: [], fastRates: null, note: draft.note }
}

function readUsd(text: string): number | null {
  const value = Number(text.replace(',', '.').replace(/^\$/, ''))
  return text.trim() === '' || !Number.isFinite(value) ? null : value
}
