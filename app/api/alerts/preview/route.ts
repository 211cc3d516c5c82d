import { z } from 'zod'
import { alertMetrics } from '@/lib/alerts/alert-metrics'
import { loadSamples, previewRule } from '@/lib/alerts/samples'
import { json, readQuery } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'

const querySchema = z.object({
  metric: z.enum(alertMetrics, { error: `is one of ${alertMetrics.join(', ')}` }),
  threshold: z.coerce.number({ error: 'is a number' }).min(0),
})

/** When a rule would have fired in the last seven days. */
export const GET = apiHandler('audit:read', async ({ request }) => {
  const { metric, threshold } = readQuery(request, querySchema)
  const now = new Date()
  const samples = await loadSamples(metric, now)
  return json(previewRule({ metric, threshold, repeatMinutes: Infinity }, samples, now))
})
