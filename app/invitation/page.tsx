import type { Metadata } from 'next'
import { DoorFrame } from '@/components/shell/door-frame'
import { AcceptInvitation } from './accept-invitation'

export const metadata: Metadata = { title: 'Invitation' }
// The content security policy has another nonce each time.
export const dynamic = 'force-dynamic'

/** Says the same to everybody: who is invited, only the holder of the token behind the `#` finds out. */
export default function InvitationPage() {
  return (
    <DoorFrame title="Welcome to Nexus Proxy" intro="You were invited. Choose a name and a password to go in.">
      <AcceptInvitation />
    </DoorFrame>
  )
}
