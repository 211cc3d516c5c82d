import { json } from '@/lib/http'
import { listProcesses } from '@/lib/ops/processes'
import { sumRecord } from '@/lib/ops/sum-record'
import { queryStorageStats } from '@/lib/requests/query-storage-stats'
import { apiHandler } from '@/lib/users/access'

export const dynamic = 'force-dynamic'

export const GET = apiHandler('numbers:read', async () => {
  const { journalBytes } = sumRecord(await listProcesses())
  return json({ ...(await queryStorageStats()), journalBytes })
})
