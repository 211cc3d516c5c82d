import type { Metadata } from 'next'
import { requireUser } from '@/app/require-user'
import { StorageView } from '@/components/storage/storage-view'
import { mayDo } from '@/lib/users/permissions'

export const metadata: Metadata = { title: 'Storage' }

export default async function StoragePage() {
  const { role } = await requireUser('numbers:read')
  return <StorageView mayWrite={mayDo(role, 'settings:write')} />
}
