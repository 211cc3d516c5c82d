import { createRule, listRules, newRuleSchema } from '@/lib/alerts/rules'
import { doerOf } from '@/lib/users/doer'
import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

export const GET = apiHandler('audit:read', async () => json({ rules: await listRules() }))

export const POST = apiHandler('settings:write', async ({ request, actor }) =>
  json(await createRule(await readJson(request, newRuleSchema), doerOf(actor, request)), 201),
)
