import { Info } from 'lucide-react'
import Link from 'next/link'
import { Sparkline } from '@/components/charts/sparkline'
import { Card } from '@/components/ui/card'
import { cn } from '@/components/ui/cn'
import { IconButton } from '@/components/ui/icon-button'
import { Popover } from '@/components/ui/popover'
import type { Kpi } from './prepare-kpis'

const deltaLook = { better: 'text-ok', worse: 'text-danger', neutral: 'text-secondary' }
const deltaMeaning = { better: ', better', worse: ', worse', neutral: '' }

/** One figure: what it is now, how it changed, how it went, and how it is computed. */
export function KpiCard({ kpi, href }: { kpi: Kpi; href: string }) {
  return (
    <Card className="flex min-w-0 flex-col p-3" aria-label={kpi.label}>
      <div className="flex items-center justify-between gap-1">
        <h2 className="text-table font-medium text-secondary">
          <Link href={href} className="target inline-flex items-center hover:text-accent hover:underline">
            {kpi.label}
          </Link>
        </h2>
        <Popover
          label={`How ${kpi.label} is computed`}
          trigger={
            <IconButton label={`How ${kpi.label} is computed`}>
              <Info aria-hidden />
            </IconButton>
          }
        >
          <p className="max-w-64">{kpi.explanation}</p>
          <p className="mt-1 text-muted numeric">{kpi.exact}</p>
        </Popover>
      </div>
      <p className="text-kpi font-semibold numeric" title={kpi.exact}>
        {kpi.value}
      </p>
      <p className="flex min-h-4 flex-wrap gap-x-2 text-table text-muted numeric">
        {kpi.delta && (
          <span className={cn('font-medium', deltaLook[kpi.delta.tone])} title="Against the period before">
            {kpi.delta.text}
            <span className="sr-only">{deltaMeaning[kpi.delta.tone]} than the period before</span>
          </span>
        )}
        {kpi.note}
      </p>
      <div className="mt-auto pt-2">
        <Sparkline values={kpi.course} />
      </div>
    </Card>
  )
}
