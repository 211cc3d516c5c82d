import Link from 'next/link'
import { Sparkline } from '@/components/charts/sparkline'
import { cleanText } from '@/components/message/clean-text'
import { CostText } from '@/components/requests/cost-text'
import { Badge } from '@/components/ui/badge'
import { RelativeTime } from '@/components/ui/relative-time'
import type { Column } from '@/components/ui/table'
import type { ConversationSummary } from '@/lib/conversations/conversation-summary'
import { formatCount, formatExact, formatPercent, formatTokens } from '@/lib/format'

/** Share of the prompt that came from the cache; null where nothing was sent. */
export function cacheShareOf(one: ConversationSummary): number | null {
  const prompt = one.inputTokens + one.cacheCreationInputTokens + one.cacheReadInputTokens
  return prompt === 0 ? null : one.cacheReadInputTokens / prompt
}

export function conversationColumns(timeZone: string): readonly Column<ConversationSummary>[] {
  return [
    {
      key: 'title',
      header: 'Conversation',
      isTitle: true,
      className: 'max-w-96',
      cell: (one) => (
        <span className="flex min-w-0 flex-col text-left">
          <Link
            href={`/conversations/${one.conversationId}`}
            className="truncate font-medium text-ink hover:text-accent"
          >
            {one.title === null ? <span className="text-muted">untitled</span> : cleanText(one.title)}
          </Link>
          <span className="truncate text-meta text-muted">{placeOf(one)}</span>
        </span>
      ),
    },
    { key: 'last', header: 'Last', cell: (one) => <RelativeTime at={one.lastRequestAt} timeZone={timeZone} /> },
    { key: 'turns', header: 'Turns', align: 'end', cell: (one) => formatExact(one.requestCount) },
    { key: 'shape', header: 'Shape', cell: (one) => <Shape one={one} /> },
    {
      key: 'models',
      header: 'Models',
      isWideOnly: true,
      className: 'max-w-48',
      cell: (one) => one.models.map(cleanText).join(', '),
    },
    { key: 'tools', header: 'Tools', align: 'end', isWideOnly: true, cell: (one) => formatCount(one.toolCallCount) },
    {
      key: 'tokens',
      header: 'Tokens',
      align: 'end',
      cell: (one) => <span title={formatExact(one.totalTokens)}>{formatTokens(one.totalTokens)}</span>,
    },
    { key: 'cost', header: 'Cost', align: 'end', cell: (one) => <CostText {...one} /> },
    {
      key: 'cache',
      header: 'Cache hits',
      align: 'end',
      isWideOnly: true,
      cell: (one) => {
        const share = cacheShareOf(one)
        return share === null ? '–' : formatPercent(share)
      },
    },
    {
      key: 'context',
      header: 'Context',
      isWideOnly: true,
      className: 'w-28',
      cell: (one) => (
        <span
          className="flex items-center gap-2"
          title={`${formatTokens(one.latestContextTokens)} tokens in the latest turn`}
        >
          <span className="w-16">
            <Sparkline values={one.contextPoints} />
          </span>
          {formatTokens(one.latestContextTokens)}
        </span>
      ),
    },
  ]
}

function placeOf({ domain, projectDirectory, gitBranch }: ConversationSummary): string {
  const project = projectDirectory?.split(/[/\\]/).filter(Boolean).at(-1)
  return [domain, project && cleanText(project), gitBranch && cleanText(gitBranch)].filter(Boolean).join(' · ')
}

function Shape({ one }: { one: ConversationSummary }) {
  const branches = one.branchCount - one.compactionCount - 1
  if (branches <= 0 && one.compactionCount + one.subtaskCount + one.errorCount === 0) return '–'
  return (
    <span className="flex flex-wrap justify-end gap-1 sm:justify-start">
      {branches > 0 && <Badge>{counted(branches, 'branch', 'branches')}</Badge>}
      {one.compactionCount > 0 && <Badge>◆ {counted(one.compactionCount, 'compaction')}</Badge>}
      {one.subtaskCount > 0 && <Badge>{counted(one.subtaskCount, 'sub-task')}</Badge>}
      {one.errorCount > 0 && <Badge tone="danger">{counted(one.errorCount, 'error')}</Badge>}
    </span>
  )
}

function counted(count: number, word: string, words = `${word}s`): string {
  return `${formatExact(count)} ${count === 1 ? word : words}`
}
