import { json } from '@/lib/http'
import { readJournalState } from '@/lib/ops/journal-state'
import { queryStorage } from '@/lib/retention/query-storage'
import { apiHandler } from '@/lib/users/access'

export const dynamic = 'force-dynamic'

export const GET = apiHandler('numbers:read', async () =>
  json({ ...(await queryStorage()), journal: await readJournalState() }),
)
