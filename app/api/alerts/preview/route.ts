import { loadSamples, previewRule, previewSchema } from '@/lib/alerts/samples'
import { json, readQuery } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

/** When a rule would have fired in the last seven days. */
export const GET = apiHandler('audit:read', async ({ request }) => {
  const { metric, threshold } = readQuery(request, previewSchema)
  const now = new Date()
  const samples = await loadSamples(metric, now)
  return json(previewRule({ metric, threshold, repeatMinutes: Infinity }, samples, now))
})
