import { listDeliveries } from '@/lib/alerts/deliver'
import { json } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

export const GET = apiHandler('audit:read', async () => json({ deliveries: await listDeliveries() }))
