import type { Metadata } from 'next'
import { requireUser } from '@/app/require-user'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { KeyValueList } from '@/components/ui/key-value-list'
import { SecondFactorCard } from '@/components/settings/second-factor-card'
import { PageHeader } from '@/components/ui/page-header'
import { requireMember } from '@/lib/users/members'
import { oidcWay } from '@/lib/users/oidc-way'
import { absoluteLimitDays, idleLimitHours, listSessions } from '@/lib/users/sessions'
import { LoginsTable } from './logins-table'
import { NameForm } from './name-form'
import { PasswordForm } from './password-form'

export const metadata: Metadata = { title: 'Settings' }

export default async function SettingsPage() {
  const user = await requireUser('self:write')
  const [sessions, { hasSecondFactor, hasPassword }] = await Promise.all([
    listSessions(user.userId),
    requireMember(user.userId),
  ])
  return (
    <>
      <PageHeader title="Settings" description="Your profile, your password, and where you are logged in." />
      {user.lacksSecondFactor && (
        <p role="status" className="mb-4 rounded-card bg-warn-fill px-4 py-3 text-body text-warn">
          Your role needs a second factor. Switch it on here; the other pages open with it.
        </p>
      )}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <div className="flex flex-col gap-4">
          <Card>
            <CardHeader title="Profile" />
            <CardBody className="flex flex-col gap-4">
              <KeyValueList
                items={[
                  { label: 'E-mail address', value: user.email },
                  { label: 'Role', value: user.role },
                ]}
              />
              <NameForm name={user.name} />
            </CardBody>
          </Card>
          {hasPassword && <SecondFactorCard isOn={hasSecondFactor} />}
        </div>
        {hasPassword ? (
          <Card>
            <CardHeader title="Password" hint="Changing it ends every other login of yours." />
            <CardBody>
              <PasswordForm email={user.email} name={user.name} />
            </CardBody>
          </Card>
        ) : (
          <Card>
            <CardHeader title="Single sign-on" />
            <CardBody className="text-body text-secondary">
              You log in with {oidcWay()?.name ?? 'a provider that is no longer set up'}; your password and second
              factor are there.
            </CardBody>
          </Card>
        )}
        <Card className="lg:col-span-2">
          <CardHeader
            title="Where you are logged in"
            hint={`A login ends after ${idleLimitHours} hours without use, and after ${absoluteLimitDays} days in any case.`}
          />
          <LoginsTable sessions={sessions} currentId={user.sessionId} />
        </Card>
      </div>
    </>
  )
}
