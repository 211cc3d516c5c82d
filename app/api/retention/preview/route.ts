import { json } from '@/lib/http'
import { nextSweepAt } from '@/lib/retention/keep-swept'
import { previewSweep } from '@/lib/retention/preview-sweep'
import { apiHandler } from '@/lib/users/access'

export const dynamic = 'force-dynamic'

export const GET = apiHandler('numbers:read', async () => {
  const at = nextSweepAt(Date.now())
  return json({ at, ...(await previewSweep(at.getTime())) })
})
