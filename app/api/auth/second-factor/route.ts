import { z } from 'zod'
import { json, readJson } from '@/lib/http'
import { apiHandler, requireUserSession } from '@/lib/users/access'
import { doerOf } from '@/lib/users/doer'
import { requireRecentProof } from '@/lib/users/recent-proof'
import { beginSecondFactor, confirmSecondFactor, endSecondFactor } from '@/lib/users/second-factor'

const schema = z.strictObject({ code: z.string().max(20) })

/** A new key for the app of the user; the answer is the only place where it stands. */
export const POST = apiHandler('self:write', async ({ actor }) => {
  const { userId } = requireUserSession(actor)
  await requireRecentProof(actor)
  return json(await beginSecondFactor(userId), 201)
})

/** The first code switches it on; the answer has the recovery codes, once. */
export const PUT = apiHandler('self:write', async ({ request, actor }) => {
  const { userId } = requireUserSession(actor)
  const { code } = await readJson(request, schema)
  return json({ recoveryCodes: await confirmSecondFactor(userId, code.replace(/\s/g, ''), doerOf(actor, request)) })
})

export const DELETE = apiHandler('self:write', async ({ request, actor }) => {
  const { userId } = requireUserSession(actor)
  await requireRecentProof(actor)
  await endSecondFactor(userId, doerOf(actor, request))
  return json({ isOn: false })
})
