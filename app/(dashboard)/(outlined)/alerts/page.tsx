import type { Metadata } from 'next'
import { requireUser } from '@/app/require-user'
import { AlertsView } from '@/components/alerts/alerts-view'
import { listChannels } from '@/lib/alerts/channels'
import { listDeliveries } from '@/lib/alerts/deliver'
import { listRules } from '@/lib/alerts/rules'
import { sent } from '@/lib/sent'
import { mayDo } from '@/lib/users/permissions'

export const metadata: Metadata = { title: 'Alerts' }

export default async function AlertsPage() {
  const { role } = await requireUser('audit:read')
  const [rules, channels, deliveries] = await Promise.all([listRules(), listChannels(), listDeliveries()])
  return <AlertsView initial={sent({ rules, channels, deliveries })} mayWrite={mayDo(role, 'settings:write')} />
}
