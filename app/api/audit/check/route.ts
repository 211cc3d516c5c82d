import { json } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { checkAuditChain } from '@/lib/users/audit'

/** Recomputes the hash chain from its first entry. */
export const GET = apiHandler('audit:read', async () => json(await checkAuditChain()))
