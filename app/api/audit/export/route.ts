import { prisma } from '@/lib/prisma'
import { readQuery } from '@/lib/http'
import { apiHandler } from '@/lib/users/access'
import { recordAudit } from '@/lib/users/audit'
import { doerOf } from '@/lib/users/doer'
import { countExport } from '@/lib/users/export-limit'
import { auditExportSchema, exportAudit } from '@/lib/users/export-audit'
import { requireRecentProof } from '@/lib/users/recent-proof'

export const GET = apiHandler('audit:read', async ({ request, actor }) => {
  const { format, ...filter } = readQuery(request, auditExportSchema)
  await requireRecentProof(actor)
  countExport(actor)
  const target = { targetType: 'audit', targetId: 'log' }
  await recordAudit(prisma(), { ...doerOf(actor, request), action: 'audit.export', ...target, detail: { ...filter } })
  return new Response(exportAudit(filter, format), {
    headers: {
      'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename="audit-${new Date().toISOString().slice(0, 10)}.${format}"`,
      'x-content-type-options': 'nosniff',
    },
  })
})
