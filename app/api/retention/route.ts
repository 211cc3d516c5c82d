import { env } from '@/lib/env'
import { json } from '@/lib/http'
import { nextSweepAt } from '@/lib/retention/keep-swept'
import { listSweeps } from '@/lib/retention/list-sweeps'
import { listPolicies } from '@/lib/retention/policies'
import { apiHandler } from '@/lib/users/access'

export const dynamic = 'force-dynamic'

export const GET = apiHandler('numbers:read', async () => {
  const [policies, sweeps] = await Promise.all([listPolicies(), listSweeps()])
  return json({ defaultDays: env().RETENTION_DAYS, policies, sweeps, nextSweepAt: nextSweepAt(Date.now()) })
})
