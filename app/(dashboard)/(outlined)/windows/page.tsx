import type { Metadata } from 'next'
import { requireUser } from '@/app/require-user'
import { WindowsView } from '@/components/windows/windows-view'
import { queryWindows } from '@/lib/usage/query-windows'
import { accountWindowsJson } from '@/lib/usage/windows-json'
import { mayDo } from '@/lib/users/permissions'

export const metadata: Metadata = { title: 'Windows' }

export default async function WindowsPage() {
  const { role } = await requireUser('numbers:read')
  const now = new Date()
  const accounts = (await queryWindows(now)).map((account) => accountWindowsJson(account, now))
  return <WindowsView initial={{ asOf: now.toISOString(), accounts }} mayWrite={mayDo(role, 'settings:write')} />
}
