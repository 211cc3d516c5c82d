import { TriangleAlert } from 'lucide-react'
import { cleanText } from '@/components/message/clean-text'
import { Button } from '@/components/ui/button'
import { formatQuantity } from '@/lib/format'
import type { ExplorerJson } from './prepare-usage-chart'

interface UnpricedNoticeProps {
  unpriced: ExplorerJson['unpriced']
  /** null = the reader may not set prices. */
  onSetPrice: ((model: string) => void) | null
}

const mostShown = 5

/** Models whose requests cost something that nobody knows: a to-do, never $0. */
export function UnpricedNotice({ unpriced, onSetPrice }: UnpricedNoticeProps) {
  if (unpriced.length === 0) return null
  return (
    <section
      aria-label="Models without a price"
      className="mb-4 flex gap-3 rounded-card border border-line bg-warn-fill p-3 text-body text-ink"
    >
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
      <ul className="flex min-w-0 flex-col gap-1">
        {unpriced.slice(0, mostShown).map(({ model, requests }) => (
          <li key={model} className="flex flex-wrap items-center gap-x-3">
            <span className="min-w-0 wrap-anywhere">
              <code className="font-mono">{cleanText(model)}</code>: {formatQuantity(requests, 'request')} unpriced
            </span>
            {onSetPrice && (
              <Button size="small" onClick={() => onSetPrice(model)}>
                Set a price
              </Button>
            )}
          </li>
        ))}
        {unpriced.length > mostShown && <li>and {formatQuantity(unpriced.length - mostShown, 'more model')}</li>}
      </ul>
    </section>
  )
}
