import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { DoorFrame } from '@/components/shell/door-frame'
import { isSetupTokenValid } from '@/lib/users/setup-token'
import { hasUsers } from '@/lib/users/users'
import { SetupForm } from './setup-form'
import { SetupHelp } from './setup-help'

export const metadata: Metadata = { title: 'Set up' }

interface SetupPageProps {
  searchParams: Promise<{ token?: string | string[] }>
}

/** The first start: whoever holds the link of the server's log makes the first user. Gone once that user exists. */
export default async function SetupPage({ searchParams }: SetupPageProps) {
  if (await hasUsers()) notFound()
  const { token } = await searchParams
  const given = typeof token === 'string' ? token : null
  if (given === null || !isSetupTokenValid(given)) {
    return (
      <DoorFrame title="Set up Nexus Proxy">
        <SetupHelp wasTokenGiven={given !== null} />
      </DoorFrame>
    )
  }
  return (
    <DoorFrame
      title="Make the owner"
      intro="The owner manages accounts, client keys and users. You can add more people later."
    >
      <SetupForm token={given} />
    </DoorFrame>
  )
}
