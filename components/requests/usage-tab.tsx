'use client'

import { cleanText } from '@/components/message/clean-text'
import { Collapsible } from '@/components/message/collapsible'
import { JsonView } from '@/components/message/json-view'
import { Card } from '@/components/ui/card'
import { Table, type Column } from '@/components/ui/table'
import { formatCostUsd, formatExact, formatPercent, formatRate } from '@/lib/format'
import type { RecordedRequest } from '@/lib/requests/get-request'
import type { PricedLine, PricedRequest } from '@/lib/requests/price-request'
import { CostText } from './cost-text'
import { prepareCostWaterfall } from './prepare-cost-waterfall'
import { tokenKindsOf } from './token-bar'
import { Waterfall } from './waterfall'

interface UsageTabProps {
  facts: RecordedRequest
  priced: PricedRequest
}

const confidences = {
  exact: 'Exact: every number is from the upstream’s final usage object, every rate from the price book.',
  estimated: 'Estimated: a rate is assumed, for a feature whose price the book does not know.',
  partial:
    'Partial: the answer was cut off before its final numbers came. The output is estimated from the text that had arrived.',
  unpriced: 'Unpriced: the price book has no price for this model. Set one under Usage & cost, Prices.',
}

/** What was counted, and what each part of it cost. */
export function UsageTab({ facts, priced }: UsageTabProps) {
  return (
    <div className="grid items-start gap-6 xl:grid-cols-2">
      <TokenKinds facts={facts} />
      <section>
        <h2 className="mb-2 text-control font-semibold">
          Cost <CostText {...facts} />
        </h2>
        <p className="mb-3 max-w-[70ch] text-secondary">{confidences[facts.costConfidence]}</p>
        <Waterfall label="Tokens to dollars" rows={prepareCostWaterfall(priced)} />
        {priced.lines.length > 0 && (
          <Card className="mt-4">
            <Table
              caption="Cost by line"
              columns={lineColumns}
              rows={priced.lines}
              rowKey={keyOfLine}
              density="compact"
            />
          </Card>
        )}
        {priced.lines.length > 0 && !priced.isAsRecorded && (
          <p className="mt-2 text-warn">
            Recorded was {formatCostUsd(facts.costUsd, facts.costConfidence)}; the lines follow today’s price book and
            make {formatCostUsd(priced.costUsd)}.
          </p>
        )}
      </section>
      {facts.usage && (
        <Collapsible className="xl:col-span-2" summary={<span>Usage as the upstream sent it</span>}>
          <JsonView value={facts.usage} openLevels={3} />
        </Collapsible>
      )}
    </div>
  )
}

interface TokenRow {
  readonly name: string
  readonly color: string
  readonly tokens: number
  readonly share: number
}

function TokenKinds({ facts }: { facts: RecordedRequest }) {
  const kinds = tokenKindsOf(facts)
  const total = kinds.reduce((sum, { tokens }) => sum + tokens, 0)
  const rows = kinds.map((kind) => ({ ...kind, share: total === 0 ? 0 : kind.tokens / total }))
  return (
    <section>
      <h2 className="mb-2 text-control font-semibold">Tokens</h2>
      {total === 0 ? (
        <p className="text-secondary">The upstream counted no tokens for this call.</p>
      ) : (
        <Card>
          <Table
            caption="Tokens by kind"
            columns={tokenColumns}
            rows={rows}
            rowKey={(row) => row.name}
            density="compact"
          />
        </Card>
      )}
      {(facts.thinkingTokens ?? 0) > 0 && (
        <p className="mt-2 text-secondary">
          Of the output, {formatExact(facts.thinkingTokens ?? 0)} tokens were thinking.
        </p>
      )}
      {(facts.cacheCreation1hInputTokens ?? 0) > 0 && (
        <p className="mt-2 text-secondary">
          Of the cache writes, {formatExact(facts.cacheCreation1hInputTokens ?? 0)} tokens were for one hour.
        </p>
      )}
    </section>
  )
}

const tokenColumns: Column<TokenRow>[] = [
  {
    key: 'name',
    header: 'Kind',
    isTitle: true,
    cell: (row) => (
      <span className="flex items-center gap-2">
        <span className="size-2.5 rounded-[2px]" style={{ background: row.color }} aria-hidden />
        {row.name}
      </span>
    ),
  },
  { key: 'tokens', header: 'Tokens', align: 'end', cell: (row) => formatExact(row.tokens) },
  { key: 'share', header: 'Share', align: 'end', cell: (row) => formatPercent(row.share) },
]

const lineColumns: Column<PricedLine>[] = [
  {
    key: 'label',
    header: 'Line',
    isTitle: true,
    cell: (line) => (line.portion === 'message' ? line.label : `${line.label} (${cleanText(line.portion)})`),
  },
  { key: 'model', header: 'Model', cell: (line) => (line.model ? cleanText(line.model) : '–') },
  { key: 'tokens', header: 'Count', align: 'end', cell: (line) => formatExact(line.tokens) },
  { key: 'rate', header: 'Per million', align: 'end', cell: (line) => formatRate(line.ratePerMtokUsd) },
  {
    key: 'cost',
    header: 'Cost',
    align: 'end',
    // Every place: rounded ones would not add up.
    cell: (line) => `$${line.costUsd}`,
  },
]

const keyOfLine = (line: PricedLine) => `${line.portion} ${line.model} ${line.label}`
