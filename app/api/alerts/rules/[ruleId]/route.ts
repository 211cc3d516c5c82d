import { deleteRule, ruleChangeSchema, updateRule } from '@/lib/alerts/rules'
import { doerOf } from '@/lib/users/doer'
import { json, readJson } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

interface Params {
  ruleId: string
}

export const PATCH = apiHandler<Params>('settings:write', async ({ request, actor, params }) =>
  json(await updateRule(params.ruleId, await readJson(request, ruleChangeSchema), doerOf(actor, request))),
)

export const DELETE = apiHandler<Params>('settings:write', async ({ request, actor, params }) => {
  await deleteRule(params.ruleId, doerOf(actor, request))
  return json({ deleted: true })
})
