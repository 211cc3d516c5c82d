import type { Metadata } from 'next'
import { requireUser } from '@/app/require-user'
import { DoctorView } from '@/components/doctor/doctor-view'
import { readVitals } from '@/lib/doctor/read-vitals'
import { sent } from '@/lib/sent'
import { mayDo } from '@/lib/users/permissions'

export const metadata: Metadata = { title: 'Health' }

export default async function DoctorPage() {
  const { role } = await requireUser('numbers:read')
  return <DoctorView initial={sent(await readVitals())} maySeeFindings={mayDo(role, 'audit:read')} />
}
