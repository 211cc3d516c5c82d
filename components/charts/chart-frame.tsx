'use client'

import { ChartColumn, Table2 } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'

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
      <CardHeader
        title={title}
        hint={summary}
        actions={
          <Button size="small" variant="ghost" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            <Icon aria-hidden />
            {isTable ? 'Chart' : 'Table'}
          </Button>
        }
      />
      <CardBody>{isTable ? table : chart}</CardBody>
    </Card>
  )
}
