import { json, readQuery } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { auditListSchema, listAuditEvents } from '@/lib/users/list-audit'

export const GET = apiHandler('audit:read', async ({ request }) => {
  const { limit, cursor, ...filter } = readQuery(request, auditListSchema)
  return json(await listAuditEvents(filter, { limit, cursor }))
})
