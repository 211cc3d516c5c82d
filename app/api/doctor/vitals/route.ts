import { readVitals } from '@/lib/doctor/read-vitals'
import { json } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

/** The figures of the process that answers, and what it knows of the others. */
export const GET = apiHandler('numbers:read', async () => json(await readVitals()))
