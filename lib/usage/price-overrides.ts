import { normaliseModel } from '@/lib/claude/model-name'
import type { PriceOverride } from '@/lib/claude/price-book'
import { queryRows } from '@/lib/dashboard-query'
import { prisma } from '@/lib/prisma'
import { AppError } from '@/lib/errors'
import { isUuid, newId } from '@/lib/ids'
import { recordAudit } from '@/lib/users/audit'
import type { Doer } from '@/lib/users/doer'
import { expirePriceBook } from './current-price-book'
import { overrideColumns, overrideOfRow, type NewOverride, type OverrideRow } from './price-override-row'

interface ListedOverride extends PriceOverride {
  readonly id: string
  readonly note: string
  readonly createdBy: string
  readonly createdAt: Date
}

/** All prices set here, by model, newest day first. */
export async function listPriceOverrides(): Promise<ListedOverride[]> {
  const rows = await queryRows<OverrideRow>(
    `SELECT ${overrideColumns} FROM price_overrides ORDER BY model, effective_from DESC`,
  )
  return rows.map(listed)
}

function listed(row: OverrideRow): ListedOverride {
  const { id, note, createdBy, createdAt } = row
  return { id, ...overrideOfRow(row), note, createdBy, createdAt }
}

/** Sets the price of a model from a day on; a price of the same model and day is replaced. */
export async function setPriceOverride(given: NewOverride, by: Doer): Promise<ListedOverride> {
  const model = normaliseModel(given.model)
  const key = { model, effectiveFrom: new Date(given.from) }
  const { rates } = given
  const values = {
    inputUsd: rates.input,
    outputUsd: rates.output,
    cacheWrite5mUsd: rates.cacheWrite5m,
    cacheWrite1hUsd: rates.cacheWrite1h,
    cacheReadUsd: rates.cacheRead,
    bands: JSON.stringify(given.bands),
    fastRates: given.fastRates && JSON.stringify(given.fastRates),
    note: given.note,
    createdBy: by.actor.name,
    createdAt: new Date(),
  }
  const id = await prisma().$transaction(async (tx) => {
    const { id } = await tx.priceOverride.upsert({
      where: { model_effectiveFrom: key },
      create: { id: newId(), ...key, ...values },
      update: values,
    })
    const detail = { from: given.from, rates, bands: given.bands, fastRates: given.fastRates, note: given.note }
    await recordAudit(tx, { ...by, action: 'price.set', targetType: 'model', targetId: model, detail })
    return id
  })
  expirePriceBook()
  return requirePriceOverride(id)
}

/** Takes a price back: the built-in ones, or the one set before, hold again. */
export async function deletePriceOverride(id: string, by: Doer): Promise<void> {
  const { model, from, rates } = await requirePriceOverride(id)
  await prisma().$transaction(async (tx) => {
    await tx.priceOverride.delete({ where: { id } })
    await recordAudit(tx, {
      ...by,
      action: 'price.delete',
      targetType: 'model',
      targetId: model,
      detail: { from, rates },
    })
  })
  expirePriceBook()
}

async function requirePriceOverride(id: string): Promise<ListedOverride> {
  const [row] = isUuid(id)
    ? await queryRows<OverrideRow>(`SELECT ${overrideColumns} FROM price_overrides WHERE id = $1`, [id])
    : []
  if (!row) throw new AppError('not-found', 'There is no such price.')
  return listed(row)
}
