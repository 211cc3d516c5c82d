import { json, readJson, readQuery } from '@/lib/http'
import { listViews, saveView, viewListSchema, viewSchema } from '@/lib/requests/saved-views'
import { apiHandler, requireUserSession } from '@/lib/users/access'

export const dynamic = 'force-dynamic'

export const GET = apiHandler('self:write', async ({ request, actor }) => {
  const { page } = readQuery(request, viewListSchema)
  return json({ views: await listViews(requireUserSession(actor).userId, page) })
})

export const POST = apiHandler('self:write', async ({ request, actor }) => {
  const view = await readJson(request, viewSchema)
  return json(await saveView(requireUserSession(actor).userId, view), 201)
})
