'use client'

import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { useSubmit } from '@/components/shell/use-submit'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { CopyButton } from '@/components/ui/copy-button'
import { Field } from '@/components/ui/field'
import { FormError } from '@/components/ui/form-error'
import { Input } from '@/components/ui/input'
import { StatusPill } from '@/components/ui/status-pill'
import { toast } from '@/components/ui/toast'
import { QrCode } from './qr-code'

const path = '/api/auth/second-factor'

interface Enrolment {
  readonly key: string
  readonly uri: string
}

/** Codes of an app at the login, on top of the password. */
export function SecondFactorCard({ isOn }: { isOn: boolean }) {
  const [enrolment, setEnrolment] = useState<Enrolment | null>(null)
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[] | null>(null)
  const begin = () => sendJson<Enrolment>(path, { method: 'POST' }).then(setEnrolment, toast.failure)
  return (
    <Card>
      <CardHeader
        title="Second factor"
        hint="A code of an authenticator app, asked for at each login."
        actions={<StatusPill status={isOn ? 'ok' : 'off'}>{isOn ? 'on' : 'off'}</StatusPill>}
      />
      <CardBody className="flex flex-col items-start gap-4">
        {recoveryCodes && <RecoveryCodes codes={recoveryCodes} />}
        {isOn ? <SwitchOff /> : !enrolment && <Button onClick={() => void begin()}>Switch it on</Button>}
        {enrolment && !isOn && <Enrol enrolment={enrolment} onDone={setRecoveryCodes} />}
      </CardBody>
    </Card>
  )
}

function Enrol({ enrolment, onDone }: { enrolment: Enrolment; onDone: (codes: readonly string[]) => void }) {
  const [code, setCode] = useState('')
  const router = useRouter()
  const { formProps, isBusy, error, errorOf } = useSubmit(async () => {
    const { recoveryCodes } = await sendJson<{ recoveryCodes: string[] }>(path, { method: 'PUT', body: { code } })
    onDone(recoveryCodes)
    router.refresh()
  })
  return (
    <form {...formProps} className="flex w-full flex-col items-start gap-4">
      <FormError message={error} />
      <div className="flex flex-col items-start gap-2 text-body">
        <p>
          Point your app&apos;s camera at this,{' '}
          <a href={enrolment.uri} className="text-accent underline">
            open the app
          </a>{' '}
          on this device, or type the key into it.
        </p>
        <QrCode text={enrolment.uri} label="The key, for the camera of your app" />
        <span className="flex flex-wrap items-center gap-2">
          <code className="rounded-control bg-subtle px-2 py-1.5 break-all" data-secret>
            {enrolment.key}
          </code>
          <CopyButton text={enrolment.key} label="Copy key" />
        </span>
      </div>
      <Field label="The code it shows" error={errorOf('code')}>
        <Input
          name="code"
          autoFocus
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={7}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="primary" isBusy={isBusy}>
        Switch it on
      </Button>
    </form>
  )
}

function RecoveryCodes({ codes }: { codes: readonly string[] }) {
  return (
    <div className="flex w-full flex-col gap-2 text-body">
      <p>Keep these recovery codes: each lets you in once without your app. They are not shown again.</p>
      <CodeBlock label="Recovery codes" code={codes.join('\n')} />
    </div>
  )
}

function SwitchOff() {
  const [isAsking, setIsAsking] = useState(false)
  const router = useRouter()
  return (
    <>
      <Button variant="danger" onClick={() => setIsAsking(true)}>
        Switch it off
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setIsAsking}
        title="Switch the second factor off?"
        consequence="Your password alone will let you in. Your recovery codes end."
        action="Switch it off"
        onConfirm={async () => {
          await sendJson(path, { method: 'DELETE' })
          router.refresh()
        }}
      />
    </>
  )
}
