import { json } from '@/lib/http'
import { listBudgets } from '@/lib/usage/budgets'
import { apiHandler } from '@/lib/users/access'

/** Spend limits and budgets with what was spent in their running period. */
export const GET = apiHandler('numbers:read', async () => json({ budgets: await listBudgets() }))
