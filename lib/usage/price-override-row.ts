import { z } from 'zod'
import { priceOverrideSchema, type PriceOverride } from '@/lib/claude/price-book'

/** A row of price_overrides as SQL gives it. */
export interface OverrideRow {
  id: string
  model: string
  from: string
  input: number
  output: number
  cacheWrite5m: number
  cacheWrite1h: number
  cacheRead: number
  bands: string
  fastRates: string | null
  note: string
  createdBy: string
  createdAt: Date
}

export const overrideColumns = `id, model, to_char(effective_from, 'YYYY-MM-DD') AS "from", input_usd::float8 AS input,
  output_usd::float8 AS output, cache_write_5m_usd::float8 AS "cacheWrite5m",
  cache_write_1h_usd::float8 AS "cacheWrite1h", cache_read_usd::float8 AS "cacheRead", bands,
  fast_rates AS "fastRates", note, created_by AS "createdBy", created_at AS "createdAt"`

const bandsSchema = priceOverrideSchema.shape.bands
const fastRatesSchema = priceOverrideSchema.shape.fastRates

export function overrideOfRow(row: OverrideRow): PriceOverride {
  const { model, from, input, output, cacheWrite5m, cacheWrite1h, cacheRead } = row
  return {
    model,
    from,
    rates: { input, output, cacheWrite5m, cacheWrite1h, cacheRead },
    bands: bandsSchema.parse(JSON.parse(row.bands)),
    fastRates: fastRatesSchema.parse(row.fastRates === null ? null : JSON.parse(row.fastRates)),
  }
}

/** What a person sends to set a price. */
export const newOverrideSchema = priceOverrideSchema.extend({
  note: z.string().trim().max(300, { error: 'has 300 characters or fewer' }).default(''),
})
export type NewOverride = z.infer<typeof newOverrideSchema>
