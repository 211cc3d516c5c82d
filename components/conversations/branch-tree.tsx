'use client'

import { GitBranch, Layers, MessagesSquare, Workflow, type LucideIcon } from 'lucide-react'
import { Badge } from '@/components/ui/badge'
import { cn } from '@/components/ui/cn'
import type { BranchKind } from '@/lib/conversations/get-conversation'
import { formatCostUsd, formatExact } from '@/lib/format'
import type { TreeRow } from './prepare-tree'

const icons: Record<BranchKind, LucideIcon> = {
  main: MessagesSquare,
  branch: GitBranch,
  compact: Layers,
  subtask: Workflow,
}

interface BranchTreeProps {
  rows: readonly TreeRow[]
  selectedId: string
  onSelect: (branchId: string) => void
}

/** The branches of a conversation; choosing one shows its thread. */
export function BranchTree({ rows, selectedId, onSelect }: BranchTreeProps) {
  return (
    <nav aria-label="Branches">
      <ul className="flex flex-col gap-0.5">
        {rows.map((row) => (
          <li key={row.branch.branchId} style={{ paddingLeft: `${Math.min(row.depth, 6) * 14}px` }}>
            <BranchButton row={row} isSelected={row.branch.branchId === selectedId} onSelect={onSelect} />
          </li>
        ))}
      </ul>
    </nav>
  )
}

interface BranchButtonProps {
  row: TreeRow
  isSelected: boolean
  onSelect: (branchId: string) => void
}

function BranchButton({ row, isSelected, onSelect }: BranchButtonProps) {
  const { branch, name, note, attemptCount, errorCount } = row
  const Icon = icons[branch.kind]
  const isGivenUp = Number(branch.abandonedCostUsd) > 0
  return (
    <button
      type="button"
      aria-current={isSelected ? 'true' : undefined}
      onClick={() => onSelect(branch.branchId)}
      className={cn(
        'flex w-full flex-col rounded-control px-2 py-1.5 text-left text-table pointer-coarse:min-h-11',
        isSelected ? 'bg-selection' : 'hover:bg-subtle',
      )}
    >
      <span className="flex w-full items-center gap-1.5">
        <Icon className={cn('size-3.5 shrink-0', isSelected ? 'text-accent' : 'text-muted')} aria-hidden />
        <span className="truncate font-medium">{branch.kind === 'compact' ? `◆ ${name}` : name}</span>
        <span className="ml-auto text-secondary numeric">{formatCostUsd(branch.costUsd, branch.costConfidence)}</span>
      </span>
      <span className="flex flex-wrap items-center gap-1 pl-5 text-meta text-secondary">
        {formatExact(branch.requestCount)} {branch.requestCount === 1 ? 'request' : 'requests'}
        {attemptCount > 0 && <span>· {formatExact(attemptCount)} retried</span>}
        {errorCount > 0 && <Badge tone="danger">{formatExact(errorCount)} failed</Badge>}
        {isGivenUp && (
          <span title="Turns that the newest turn does not build on">
            · abandoned: {formatCostUsd(branch.abandonedCostUsd)}
          </span>
        )}
        {note && <span className="w-full italic">{note}</span>}
      </span>
    </button>
  )
}
