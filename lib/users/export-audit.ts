import { z } from 'zod'
import { buildCsv, csvLines } from '@/lib/csv'
import { auditFilterSchema, readAuditEvents, type AuditFilter, type ListedAuditEvent } from './list-audit'

const auditFormats = ['csv', 'jsonl'] as const
type AuditFormat = (typeof auditFormats)[number]

export const auditExportSchema = auditFilterSchema.extend({
  format: z.enum(auditFormats, { error: `is one of ${auditFormats.join(', ')}` }).default('csv'),
})

const columns = ['sequence', 'at', 'actor', 'action', 'targetType', 'targetId', 'address', 'detail'] as const

const valuesOf = (event: ListedAuditEvent) =>
  columns.map((name) => (name === 'at' ? event.at.toISOString() : event[name]))

/** Pure: entries as lines of a file. */
function auditLines(events: readonly ListedAuditEvent[], format: AuditFormat): string {
  if (format === 'csv') return csvLines(events.map(valuesOf))
  return events.map(({ detail, ...event }) => `${JSON.stringify({ ...event, detail: JSON.parse(detail) })}\n`).join('')
}

/** The audit log as a file, read while it is sent. */
export function exportAudit(filter: AuditFilter, format: AuditFormat): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const pages = readAuditEvents(filter)
  return new ReadableStream({
    start(controller) {
      if (format === 'csv') controller.enqueue(encoder.encode(buildCsv(columns, [])))
    },
    async pull(controller) {
      const { value, done } = await pages.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(auditLines(value, format)))
    },
    cancel: async () => void (await pages.return(undefined)),
  })
}
