import { json } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { listMembers } from '@/lib/users/members'

export const GET = apiHandler('users:write', async () => json({ users: await listMembers() }))
