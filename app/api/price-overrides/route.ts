import { doerOf } from '@/lib/users/doer'
import { json, readJson } from '@/lib/http'
import { listPrices } from '@/lib/usage/list-prices'
import { newOverrideSchema } from '@/lib/usage/price-override-row'
import { setPriceOverride } from '@/lib/usage/price-overrides'
import { apiHandler } from '@/lib/users/access'

/** The price table: the built-in prices and those set here. */
export const GET = apiHandler('numbers:read', async () => json(await listPrices()))

export const POST = apiHandler('settings:write', async ({ request, actor }) =>
  json(await setPriceOverride(await readJson(request, newOverrideSchema), doerOf(actor, request)), 201),
)
