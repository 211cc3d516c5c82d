import { json, readJson } from '@/lib/http'
import { previewPrice } from '@/lib/usage/preview-price'
import { newOverrideSchema } from '@/lib/usage/price-override-row'
import { apiHandler } from '@/lib/users/access'

/** What a price would change, before it is set. */
export const POST = apiHandler('settings:write', async ({ request }) =>
  json(await previewPrice(await readJson(request, newOverrideSchema))),
)
