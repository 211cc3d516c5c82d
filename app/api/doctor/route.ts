import { runDoctor } from '@/lib/doctor/run-doctor'
import { visitFromServer } from '@/lib/doctor/visits'
import { json } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

/** Looks at everything now; takes a few seconds when something does not answer. */
export const GET = apiHandler('audit:read', async () => {
  const findings = await runDoctor(visitFromServer())
  return json({ findings, checkedAt: new Date() })
})
