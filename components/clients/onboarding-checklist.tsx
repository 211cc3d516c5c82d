import { Check } from 'lucide-react'
import Link from 'next/link'
import { buttonClass } from '@/components/ui/button'
import { Card, CardHeader } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import type { Onboarding } from '@/lib/clients/onboarding'

interface Step {
  readonly title: string
  readonly reason: string
  readonly isDone: boolean
  readonly href: string
  readonly action: string
}

/** From an empty installation to the first recorded request; nothing once that has happened. */
export function OnboardingChecklist({ onboarding, mayWrite }: { onboarding: Onboarding; mayWrite: boolean }) {
  if (onboarding.hasRequest) return null
  const steps = listSteps(onboarding)
  const next = steps.find(({ isDone }) => !isDone)
  const done = steps.filter(({ isDone }) => isDone).length
  return (
    <Card>
      <CardHeader title="Get started" hint={`${done} of ${steps.length} done`} />
      <ol className="divide-y divide-line">
        {steps.map((step, index) => (
          <li key={step.title} className="flex flex-wrap items-center gap-3 px-4 py-3">
            <StepMark isDone={step.isDone} number={index + 1} />
            <div className="min-w-0 flex-1 basis-56">
              <p className={cn('text-control font-medium', step.isDone && 'text-muted')}>
                {step.title}
                {step.isDone && <span className="sr-only"> (done)</span>}
              </p>
              {!step.isDone && <p className="text-body text-secondary">{step.reason}</p>}
            </div>
            {step === next && mayWrite && (
              <Link href={step.href} className={buttonClass({ variant: 'primary' })}>
                {step.action}
              </Link>
            )}
          </li>
        ))}
      </ol>
    </Card>
  )
}

function StepMark({ isDone, number }: { isDone: boolean; number: number }) {
  const shape = 'inline-flex size-6 shrink-0 items-center justify-center rounded-full text-table font-medium'
  return (
    <span aria-hidden className={cn(shape, isDone ? 'bg-ok-fill text-ok' : 'border border-control text-secondary')}>
      {isDone ? <Check className="size-3.5" /> : number}
    </span>
  )
}

function listSteps({ hasAccount, hasClientKey, domainId }: Onboarding): Step[] {
  const keysHref = domainId ? `/domains/${domainId}` : '/domains'
  return [
    { title: 'Log in as the owner', reason: '', isDone: true, href: '/settings', action: 'Settings' },
    {
      title: 'Add a Claude account',
      reason: 'An API key of the Anthropic Console. It is stored encrypted, and tried out at once.',
      isDone: hasAccount,
      href: '/accounts?account=new',
      action: 'Add an account',
    },
    {
      title: 'Create a domain and a client key',
      reason: 'Your clients present this key instead of yours.',
      isDone: hasClientKey,
      href: domainId ? `${keysHref}?new-key=true` : '/domains?new=true',
      action: domainId ? 'Create a client key' : 'Create a domain',
    },
    {
      title: 'Send the first request',
      reason: 'Point Claude Code or an SDK at this server with the key. The page of the domain shows it as it arrives.',
      isDone: false,
      href: keysHref,
      action: 'Open the domain',
    },
  ]
}
