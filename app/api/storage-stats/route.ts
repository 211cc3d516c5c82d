import { json } from '@/lib/http'
import { getRuntime } from '@/lib/ops/runtime'
import { queryStorageStats } from '@/lib/requests/query-storage-stats'
import { apiHandler } from '@/lib/users/access'

export const dynamic = 'force-dynamic'

export const GET = apiHandler('numbers:read', async () => {
  const journalBytes = getRuntime()?.recorder.status().journalBytes ?? 0
  return json({ ...(await queryStorageStats()), journalBytes })
})
