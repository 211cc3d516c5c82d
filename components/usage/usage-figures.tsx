import { Card } from '@/components/ui/card'
import { HowComputed } from './how-computed'
import type { UsageFigure } from './prepare-usage-figures'

/** What the period adds up to. */
export function UsageFigures({ figures, pricesAsOf }: { figures: readonly UsageFigure[]; pricesAsOf: string }) {
  return (
    <div className="mb-4 grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
      {figures.map(({ metric, name, text, exact, howComputed, change, note }) => (
        <Card key={metric} className="min-w-0 p-3" aria-label={name}>
          <div className="flex items-center justify-between gap-1">
            <h2 className="text-table font-medium text-secondary">{name}</h2>
            <HowComputed of={name}>
              <p>{howComputed}</p>
              <p className="text-muted numeric">{exact}</p>
              {metric === 'cost' && <p className="text-muted">Price book of {pricesAsOf}, with the prices set here.</p>}
            </HowComputed>
          </div>
          <p className="truncate text-kpi font-semibold numeric" title={exact}>
            {text}
          </p>
          <p className="flex min-h-4 flex-wrap gap-x-2 text-table text-muted numeric">
            {change && <span title="Against the period before">{change}</span>}
            {note}
          </p>
        </Card>
      ))}
    </div>
  )
}
