import { z } from 'zod'
import { json, readJson } from '@/lib/http'
import { apiHandler, requireUserSession } from '@/lib/users/access'
import { clientAddress } from '@/lib/users/client-address'
import { proveAgain } from '@/lib/users/recent-proof'

const schema = z.strictObject({ password: z.string().max(1_024) })

/** The user of this login enters the password again. */
export const POST = apiHandler('self:write', async ({ request, actor }) => {
  const { password } = await readJson(request, schema)
  await proveAgain({ ...requireUserSession(actor), password, address: clientAddress(request.headers) })
  return json({ proved: true })
})
