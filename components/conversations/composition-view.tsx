'use client'

import { useMemo } from 'react'
import useSWR from 'swr'
import { ChartFrame } from '@/components/charts/chart-frame'
import { cleanText } from '@/components/message/clean-text'
import { fetchJson, type ApiError } from '@/components/shell/fetcher'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { ErrorState } from '@/components/ui/error-state'
import { SkeletonRows } from '@/components/ui/skeleton'
import { Table, type Column } from '@/components/ui/table'
import type { CompositionPoint } from '@/lib/conversations/compose-context'
import type { Composition, ToolShare } from '@/lib/conversations/load-composition'
import { formatExact, formatTime, formatTokens } from '@/lib/format'
import { compositionParts, describeComposition, prepareComposition } from './prepare-composition'

interface CompositionViewProps {
  conversationId: string
  branchId: string
  timeZone: string
}

/** What fills the context of a branch, turn by turn. */
export function CompositionView({ conversationId, branchId, timeZone }: CompositionViewProps) {
  const path = `/api/conversations/${conversationId}/composition?branchId=${encodeURIComponent(branchId)}`
  const { data, error, mutate } = useSWR<Composition, ApiError>(path, fetchJson, { revalidateOnFocus: false })
  if (error) return <ErrorState message={error.message} requestId={error.requestId} onRetry={() => void mutate()} />
  if (!data) return <SkeletonRows count={5} />
  if (data.points.length === 0)
    return (
      <EmptyState title="Nothing to take apart" reason="No turn of this branch has both its content and a count." />
    )
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_320px]">
      <ChartFrame
        title="Context by part"
        summary={`~ ${describeComposition(data.points)} Estimated from sizes; the sums are the upstream’s.${data.isCut ? ' Earlier turns are left out.' : ''}`}
        chart={<CompositionChart points={data.points} />}
        table={<PointsTable points={data.points} timeZone={timeZone} />}
      />
      <ToolsTable tools={data.tools} />
    </div>
  )
}

function CompositionChart({ points }: { points: readonly CompositionPoint[] }) {
  const { areas, mostTokens } = useMemo(() => prepareComposition(points), [points])
  return (
    <figure>
      <ul className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-table text-secondary">
        {areas.map(({ part, name, color }) => (
          <li key={part} className="flex items-center gap-1.5">
            <span className="size-2.5 rounded-[2px]" style={{ background: color }} aria-hidden />
            {name}
          </li>
        ))}
      </ul>
      <svg
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        className="h-44 w-full border-b border-line"
        role="img"
        aria-label={`Context up to ${formatTokens(mostTokens)} tokens over ${points.length} turns`}
      >
        {areas.map(({ part, path, color }) => (
          <path key={part} d={path} fill={color} />
        ))}
      </svg>
      <figcaption className="mt-1 flex justify-between text-meta text-muted numeric">
        <span>first turn</span>
        <span>top: {formatTokens(mostTokens)} tokens</span>
        <span>newest turn</span>
      </figcaption>
    </figure>
  )
}

function PointsTable({ points, timeZone }: { points: readonly CompositionPoint[]; timeZone: string }) {
  const columns: Column<CompositionPoint>[] = [
    { key: 'time', header: 'Turn', isTitle: true, cell: ({ timestamp }) => formatTime(timestamp, timeZone) },
    { key: 'all', header: 'Reported', align: 'end', cell: ({ contextTokens }) => formatExact(contextTokens) },
    ...compositionParts.map(({ part, name }): Column<CompositionPoint> => ({
      key: part,
      header: name,
      align: 'end',
      cell: ({ tokens }) => `~${formatTokens(tokens[part])}`,
    })),
  ]
  return (
    <Table
      caption="Context by part and turn"
      columns={columns}
      rows={points.toReversed()}
      rowKey={({ requestId }) => requestId}
      density="compact"
      maxHeight="20rem"
    />
  )
}

const toolColumns: Column<ToolShare>[] = [
  {
    key: 'server',
    header: 'Tools of',
    isTitle: true,
    cell: ({ server }) => (server === '' ? 'the client' : cleanText(server)),
  },
  { key: 'count', header: 'Tools', align: 'end', cell: ({ toolCount }) => formatExact(toolCount) },
  { key: 'tokens', header: 'Tokens', align: 'end', cell: ({ tokens }) => `~${formatTokens(tokens)}` },
]

/** What the definitions of tools take up before a word is said. */
function ToolsTable({ tools }: { tools: readonly ToolShare[] }) {
  if (tools.length === 0) return null
  return (
    <Card>
      <Table
        caption="Tool definitions by MCP server"
        columns={toolColumns}
        rows={tools}
        rowKey={({ server }) => server}
        density="compact"
        maxHeight="18rem"
      />
    </Card>
  )
}
