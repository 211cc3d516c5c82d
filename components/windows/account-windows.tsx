import { ChevronDown, ChevronRight } from 'lucide-react'
import { cleanText } from '@/components/message/clean-text'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { RelativeTime } from '@/components/ui/relative-time'
import { StatusPill } from '@/components/ui/status-pill'
import { formatSum } from '@/components/usage/format-metric'
import { formatCostUsd, formatCount, formatPercent, formatQuantity, formatTime } from '@/lib/format'
import type { AccountWindowsJson, WindowDetailJson } from '@/lib/usage/windows-json'
import { prepareWindow, windowLengths, type Clock } from './prepare-window'
import { WindowGauge } from './window-gauge'

interface AccountWindowsProps {
  account: AccountWindowsJson
  clock: Clock
  isOpen: boolean
  /** It has just come into sight because it was asked for. */
  takesFocus: boolean
  onToggle: () => void
  /** What is shown while it is open. */
  children: React.ReactNode
}

/** One account: its two windows, what we counted ourselves, and every other limit the upstream spoke of. */
export function AccountWindows({ account, clock, isOpen, takesFocus, onToggle, children }: AccountWindowsProps) {
  const { accountId, name, kind, isPaused, domains, windows } = account
  const Chevron = isOpen ? ChevronDown : ChevronRight
  const isPlan = windows.some(({ source }) => source !== null)
  return (
    <Card aria-label={cleanText(name) || accountId} className="min-w-0">
      <CardHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            {cleanText(name) || accountId}
            <Badge>{kind === 'oauth' ? 'OAuth' : 'API key'}</Badge>
            {isPaused && <StatusPill status="paused">paused</StatusPill>}
          </span>
        }
        hint={domains.length === 0 ? 'No domain may spend it' : domains.join(', ')}
        actions={
          <Button size="small" variant="ghost" aria-expanded={isOpen} autoFocus={takesFocus} onClick={onToggle}>
            <Chevron aria-hidden />
            Who and when
          </Button>
        }
      />
      <CardBody className="flex flex-col gap-4">
        {isPlan && (
          <div className="grid gap-x-8 gap-y-4 lg:grid-cols-2">
            {windows.map((window) => (
              <WindowGauge key={window.window} figure={prepareWindow(window, clock)} timeZone={clock.timeZone} />
            ))}
          </div>
        )}
        <OurCount account={account} />
        <OtherLimits account={account} clock={clock} />
        {isOpen && children}
      </CardBody>
    </Card>
  )
}

function OurCount({ account }: { account: AccountWindowsJson }) {
  const { windows, tokensPerMinute, costPerMinuteUsd } = account
  return (
    <dl className="flex flex-wrap gap-x-8 gap-y-2 text-body">
      {windows.map((window) => (
        <div key={window.window}>
          <dt className="text-muted">Counted here in {windowLengths[window.window]}</dt>
          <dd className="numeric">{countText(window.rolling)}</dd>
        </div>
      ))}
      <div>
        <dt className="text-muted">Pace of the last quarter of an hour</dt>
        <dd className="numeric">
          {formatCount(tokensPerMinute)} {tokensPerMinute === 1 ? 'token' : 'tokens'}, {formatCostUsd(costPerMinuteUsd)}{' '}
          a minute
        </dd>
      </div>
    </dl>
  )
}

function countText({ requests, costMicroUsd, costConfidence, ...tokens }: WindowDetailJson['rolling']): string {
  const all = tokens.inputTokens + tokens.outputTokens + tokens.cacheCreationInputTokens + tokens.cacheReadInputTokens
  return `${formatSum(costMicroUsd, costConfidence)}, ${formatCount(all)} tokens, ${formatQuantity(requests, 'request')}`
}

function OtherLimits({ account, clock: { nowMs, timeZone } }: { account: AccountWindowsJson; clock: Clock }) {
  const limits = account.limits.filter(({ window }) => window !== '5h' && window !== '7d')
  if (limits.length === 0 && account.windows.every(({ source }) => source === null)) {
    return (
      <p className="text-body text-muted">
        Claude has said nothing of this account’s limits: it has answered no request since they are noted.
      </p>
    )
  }
  return (
    <ul className="flex flex-col gap-1 text-body" aria-label="Other limits that Claude speaks of">
      {limits.map(({ window, utilization, amount, remaining, resetsAt, asOf, status }) => (
        <li key={window} className="flex flex-wrap items-center gap-x-3">
          <span className="font-medium">{cleanText(window.replaceAll('-', ' '))}</span>
          <span className="text-secondary numeric">
            {utilization === null ? (status ?? 'no figure') : `${formatPercent(utilization)} used`}
            {amount !== null && remaining !== null && `, ${formatCount(remaining)} of ${formatCount(amount)} left`}
            {resetsAt &&
              `, full again ${Date.parse(resetsAt) > nowMs ? 'at' : 'since'} ${formatTime(resetsAt, timeZone, 'short')}`}
          </span>
          <Badge tone="accent">Claude</Badge>
          {asOf && (
            <span className="text-table text-muted">
              <RelativeTime at={asOf} timeZone={timeZone} />
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
