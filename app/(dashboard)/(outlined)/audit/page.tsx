import type { Metadata } from 'next'
import { requireUser } from '@/app/require-user'
import { AuditView } from '@/components/audit/audit-view'
import { listAuditActions } from '@/lib/users/list-audit'

export const metadata: Metadata = { title: 'Audit log' }

export default async function AuditPage() {
  await requireUser('audit:read')
  return <AuditView actions={await listAuditActions()} />
}
