import { json, readQuery } from '@/lib/http'
import { csvOf, queryExport } from '@/lib/usage/export-usage'
import { usageExportSchema } from '@/lib/usage/question-schemas'
import { readExplorerQuestion } from '@/lib/usage/read-explorer-question'
import { apiHandler } from '@/lib/users/access'
import { countExport } from '@/lib/users/export-limit'
import { loadReach, narrowDomains } from '@/lib/users/reach'

/** The figures of the usage page as a file. */
export const GET = apiHandler('domains:read', async ({ request, actor }) => {
  const { format } = readQuery(request, usageExportSchema)
  countExport(actor)
  const question = readExplorerQuestion(Object.fromEntries(new URL(request.url).searchParams), new Date())
  const domain = narrowDomains(await loadReach(actor), question.filter.domain)
  const rows = await queryExport({ ...question, filter: { ...question.filter, domain } })
  const response =
    format === 'json'
      ? json({ from: question.from, to: question.to, rows })
      : new Response(csvOf(rows), { headers: { 'content-type': 'text/csv; charset=utf-8' } })
  const days = [question.from, question.to].map((at) => at.toISOString().slice(0, 10)).join('-to-')
  response.headers.set('content-disposition', `attachment; filename="usage-${days}.${format}"`)
  return response
})
