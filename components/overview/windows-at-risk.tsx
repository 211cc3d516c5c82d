import Link from 'next/link'
import { cleanText } from '@/components/message/clean-text'
import { Card, CardHeader } from '@/components/ui/card'
import { ShareBar } from '@/components/ui/share-bar'
import { toneOf } from '@/components/windows/prepare-window'
import { formatPercent } from '@/lib/format'
import type { FullWindow } from './prepare-windows'

/** The limits of accounts that are used up the most. */
export function WindowsAtRisk({ windows }: { windows: readonly FullWindow[] }) {
  return (
    <Card className="min-w-0">
      <CardHeader
        title="Nearest to a limit"
        hint={windows.length === 0 ? 'Claude has told of no limit yet.' : 'What Claude last told of each account.'}
        actions={
          <Link
            href="/windows"
            className="target inline-flex items-center text-table font-medium text-accent hover:underline"
          >
            All windows
          </Link>
        }
      />
      {windows.length > 0 && (
        <ul className="flex flex-col gap-3 p-4 text-table">
          {windows.map(({ key, account, window, utilization, resetText }) => (
            <li key={key}>
              <span className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span className="max-w-full truncate" title={cleanText(account)}>
                  <span className="font-medium">{cleanText(account)}</span>{' '}
                  <span className="text-secondary">{cleanText(window)}</span>
                </span>
                <span className="shrink-0 text-secondary numeric">
                  <span className="font-medium text-ink">{formatPercent(utilization)} used</span>
                  {resetText}
                </span>
              </span>
              <ShareBar share={utilization} tone={toneOf(utilization)} className="mt-1" />
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
