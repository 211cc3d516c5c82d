import { z } from 'zod'
import { json, readJson } from '@/lib/http'
import { apiHandler, requireUserSession } from '@/lib/users/access'
import { clientAddress } from '@/lib/users/client-address'
import { personName } from '@/lib/users/person-name'
import { changeName } from '@/lib/users/users'

const schema = z.strictObject({ name: personName })

/** Changes the name of the user who asks. */
export const PATCH = apiHandler('self:write', async ({ request, actor }) => {
  const { name } = await readJson(request, schema)
  await changeName({ userId: requireUserSession(actor).userId, name, address: clientAddress(request.headers) })
  return json({ name })
})
