'use client'

import { ChartColumn, Table2 } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Card, CardBody } from '@/components/ui/card'

interface ChartFrameProps {
  title: string
  /** The chart in a sentence, for everybody. */
  summary: string
  chart: ReactNode
  /** The same figures as a table. */
  table: ReactNode
}

/** A chart that can be read without seeing it: a sentence above, and a table in its place on request. */
export function ChartFrame({ title, summary, chart, table }: ChartFrameProps) {
  const [isTable, setTable] = useState(false)
  const Icon = isTable ? ChartColumn : Table2
  return (
    <Card className="min-w-0">
      <div className="flex items-start justify-between gap-2 border-b border-line px-4 py-3">
        <div className="min-w-0">
          <h2 className="text-section font-semibold">{title}</h2>
          <p className="text-body text-muted">{summary}</p>
        </div>
        <Button size="small" variant="ghost" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          <Icon aria-hidden />
          {isTable ? 'Chart' : 'Table'}
        </Button>
      </div>
      <CardBody>{isTable ? table : chart}</CardBody>
    </Card>
  )
}
