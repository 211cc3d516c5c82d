'use client'

import { useState } from 'react'
import useSWR, { useSWRConfig } from 'swr'
import { fetchJson, sendJson, type ApiError } from '@/components/shell/fetcher'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Sheet } from '@/components/ui/dialog'
import { ErrorState } from '@/components/ui/error-state'
import { SkeletonRows } from '@/components/ui/skeleton'
import { Table, type Column } from '@/components/ui/table'
import type { Sent } from '@/lib/sent'
import { formatRate } from '@/lib/format'
import type { Prices } from '@/lib/usage/list-prices'
import { PriceForm } from './price-form'
import { RerateList } from './rerate-panel'

type PricesJson = Sent<Prices>

interface PriceSheetProps {
  /** The model to set a price for; '' = none yet; null = closed. */
  model: string | null
  period: { from: string; to: string }
  mayWrite: boolean
  onClose: () => void
}

/** What models cost: the built-in prices by day, those set here, and pricing recorded requests again. */
export function PriceSheet({ model, period, mayWrite, onClose }: PriceSheetProps) {
  const { data, error, mutate } = useSWR<PricesJson, ApiError>(
    model === null ? null : '/api/price-overrides',
    fetchJson,
  )
  const { mutate: mutateAll } = useSWRConfig()
  const refresh = () => {
    void mutate()
    void mutateAll((key) => typeof key === 'string' && key.startsWith('/api/usage/'))
  }
  return (
    <Sheet
      isOpen={model !== null}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Prices"
      description="US dollars for a million tokens. A price holds from its day on; a request keeps the price of its day."
    >
      <div className="flex flex-col gap-6 pb-4">
        {mayWrite && (
          <section aria-label="Set a price" className="flex flex-col gap-2">
            <h3 className="text-control font-semibold">Set a price</h3>
            <PriceForm key={model} model={model ?? ''} onSet={refresh} />
          </section>
        )}
        {error && <ErrorState message={error.message} requestId={error.requestId} onRetry={() => void mutate()} />}
        {!data && !error && <SkeletonRows count={6} />}
        {data && (
          <>
            <Overrides prices={data} mayWrite={mayWrite} onChange={refresh} />
            <section className="flex flex-col gap-2">
              <h3 className="text-control font-semibold">Priced again</h3>
              <RerateList period={period} mayWrite={mayWrite} />
            </section>
            <section className="flex flex-col gap-2">
              <h3 className="text-control font-semibold">Price book of {data.asOf}</h3>
              <PriceTable prices={data} />
            </section>
          </>
        )}
      </div>
    </Sheet>
  )
}

function Overrides({ prices, mayWrite, onChange }: { prices: PricesJson; mayWrite: boolean; onChange: () => void }) {
  const [doomed, setDoomed] = useState<PricesJson['overrides'][number] | null>(null)
  if (prices.overrides.length === 0) return null
  return (
    <section className="flex flex-col gap-2">
      <h3 className="text-control font-semibold">Set here</h3>
      <ul className="flex flex-col gap-1">
        {prices.overrides.map((override) => (
          <li key={override.id} className="flex flex-wrap items-center gap-x-3 text-body">
            <strong className="font-medium">{override.model}</strong>
            <span className="text-secondary numeric">
              from {override.from}: {ratesText(override.rates)}
            </span>
            <span className="text-muted">by {override.createdBy}</span>
            {mayWrite && (
              <Button size="small" variant="ghost" onClick={() => setDoomed(override)}>
                Take back
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        isOpen={doomed !== null}
        onOpenChange={(isOpen) => !isOpen && setDoomed(null)}
        title={`Take back the price of ${doomed?.model ?? ''}?`}
        consequence="New requests are priced by the book again, or are unpriced. What was recorded keeps its cost until it is priced again."
        action="Take back"
        onConfirm={async () => {
          await sendJson(`/api/price-overrides/${doomed?.id}`, { method: 'DELETE' })
          setDoomed(null)
          onChange()
        }}
      />
    </section>
  )
}

interface PriceRow {
  readonly key: string
  readonly model: string
  readonly from: string
  readonly isNow: boolean
  readonly isOverride: boolean
  readonly band: string
  readonly rates: PricesJson['overrides'][number]['rates']
}

/** A line for each price of a model, its long-prompt rates as a line of their own. */
function priceRows({ models }: PricesJson): PriceRow[] {
  return models.flatMap(({ model, prices, inForceSince }) =>
    [...prices].reverse().flatMap((price) => {
      const line = { model, from: price.from, isNow: price.from === inForceSince, isOverride: price.isOverride }
      const key = `${model} ${price.from}`
      return [
        { ...line, key, band: '', rates: price.rates },
        ...price.bands.map(({ abovePromptTokens, rates }) => {
          const band = `prompt over ${abovePromptTokens.toLocaleString('en-US')}`
          return { ...line, key: `${key} ${abovePromptTokens}`, band, rates }
        }),
      ]
    }),
  )
}

const ratesText = (rates: PriceRow['rates']) =>
  [rates.input, rates.output, rates.cacheWrite5m, rates.cacheWrite1h, rates.cacheRead].map(formatRate).join(' / ')

const columns: Column<PriceRow>[] = [
  {
    key: 'model',
    header: 'Model',
    isTitle: true,
    cell: ({ model, isNow, isOverride, band }) => (
      <span className="flex flex-wrap items-center gap-1">
        {model} {band && <span className="text-muted">{band}</span>}
        {isNow && !band && <Badge tone="ok">now</Badge>}
        {isOverride && <Badge tone="accent">set here</Badge>}
      </span>
    ),
  },
  { key: 'from', header: 'From', className: 'whitespace-nowrap', cell: ({ from }) => from },
  { key: 'input', header: 'Input', align: 'end', cell: ({ rates }) => formatRate(rates.input) },
  { key: 'output', header: 'Output', align: 'end', cell: ({ rates }) => formatRate(rates.output) },
  { key: 'write5m', header: 'Write 5 m', align: 'end', cell: ({ rates }) => formatRate(rates.cacheWrite5m) },
  { key: 'write1h', header: 'Write 1 h', align: 'end', cell: ({ rates }) => formatRate(rates.cacheWrite1h) },
  { key: 'read', header: 'Read', align: 'end', cell: ({ rates }) => formatRate(rates.cacheRead) },
]

function PriceTable({ prices }: { prices: PricesJson }) {
  return (
    <Table
      caption="Prices of models"
      columns={columns}
      rows={priceRows(prices)}
      rowKey={({ key }) => key}
      density="compact"
    />
  )
}
