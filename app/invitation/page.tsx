import type { Metadata } from 'next'
import { DoorFrame } from '@/components/shell/door-frame'
import { WaysIn } from '@/components/shell/ways-in'
import { oidcWay } from '@/lib/users/oidc-way'
import { AcceptInvitation } from './accept-invitation'

export const metadata: Metadata = { title: 'Invitation' }
// The content security policy has another nonce each time.
export const dynamic = 'force-dynamic'

/** Says the same to everybody: who is invited, only the holder of the token behind the `#` finds out. */
export default function InvitationPage() {
  const oidc = oidcWay()
  if (!oidc)
    return (
      <DoorFrame title={title} intro="You were invited. Choose a name and a password to go in.">
        <AcceptInvitation isFirst />
      </DoorFrame>
    )
  return (
    <DoorFrame
      title={title}
      intro={`You were invited. Log in with ${oidc.name}, as the person of that e-mail address.`}
    >
      <WaysIn oidc={oidc} target="/overview">
        <AcceptInvitation isFirst={false} />
      </WaysIn>
    </DoorFrame>
  )
}

const title = 'Welcome to Nexus Proxy'
