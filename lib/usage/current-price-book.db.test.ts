import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { getPrice, getPricedModel } from '@/lib/claude/price-book'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { currentPriceBook, expirePriceBook } from './current-price-book'
import { setPriceOverride } from './price-overrides'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(async () => {
  vi.restoreAllMocks()
  await database.drop()
})

const rates = { input: 1, output: 2, cacheWrite5m: 3, cacheWrite1h: 4, cacheRead: 5 }
const override = { model: 'claude-of-tomorrow', from: '2026-01-01', rates, bands: [], fastRates: null, note: '' }

async function inputPrice(): Promise<number | undefined> {
  const model = getPricedModel(await currentPriceBook(), override.model)
  return model ? getPrice(model, new Date('2026-06-01'))?.price.rates.input : undefined
}

it('a new price counts at once, though the prices before it are still on their way', async () => {
  expirePriceBook()
  const { pool } = database
  const answer = await pool.query('SELECT 1 WHERE false')
  let arrive = () => {}
  const old = new Promise<typeof answer>((resolve) => (arrive = () => resolve(answer)))
  vi.spyOn(pool, 'query').mockImplementationOnce(() => old)
  const asked = inputPrice()
  await setPriceOverride(override, { actor: { userId: null, name: 'a test' } })
  arrive()
  expect(await asked).toBeUndefined()
  expect(await inputPrice()).toBe(1)
})
