import { json, readQuery } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { auditFilterSchema, auditPageSchema, listAuditEvents } from '@/lib/users/list-audit'

const querySchema = auditFilterSchema.extend(auditPageSchema.shape)

export const GET = apiHandler('audit:read', async ({ request }) => {
  const { limit, cursor, ...filter } = readQuery(request, querySchema)
  return json(await listAuditEvents(filter, { limit, cursor }))
})
