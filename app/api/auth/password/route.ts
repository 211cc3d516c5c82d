import { z } from 'zod'
import { json, readJson } from '@/lib/http'
import { apiHandler, requireUserSession } from '@/lib/users/access'
import { clientAddress } from '@/lib/users/client-address'
import { changePassword } from '@/lib/users/users'

const schema = z.strictObject({ currentPassword: z.string().max(1_024), newPassword: z.string().max(1_024) })

/** Changes the password of the user who asks; every other login of theirs ends. */
export const POST = apiHandler('self:write', async ({ request, actor }) => {
  const passwords = await readJson(request, schema)
  await changePassword({ ...requireUserSession(actor), ...passwords, address: clientAddress(request.headers) })
  return json({ changed: true })
})
