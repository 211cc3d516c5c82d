import type { ReactNode } from 'react'
import { Sparkline } from '@/components/charts/sparkline'
import type { LiveColumn } from '@/components/live-list/live-table'
import { cleanText } from '@/components/message/clean-text'
import { CostText } from '@/components/requests/cost-text'
import { Badge } from '@/components/ui/badge'
import { RelativeTime } from '@/components/ui/relative-time'
import type { ConversationSummary } from '@/lib/conversations/conversation-summary'
import { formatCount, formatExact, formatPercent, formatTokens } from '@/lib/format'

/** Share of the prompt that came from the cache; null where nothing was sent. */
export function cacheShareOf(one: ConversationSummary): number | null {
  const prompt = promptOf(one)
  return prompt === 0 ? null : one.cacheReadInputTokens / prompt
}

/** Everything that was sent, from the cache or not. */
function promptOf(one: ConversationSummary): number {
  return one.inputTokens + one.cacheCreationInputTokens + one.cacheReadInputTokens
}

function describeTokens(one: ConversationSummary): string {
  const counts = { input: one.inputTokens, 'cache write': one.cacheCreationInputTokens }
  const parts = { ...counts, 'cache read': one.cacheReadInputTokens, output: one.outputTokens }
  return Object.entries(parts)
    .map(([name, count]) => `${name} ${formatExact(count)}`)
    .join(', ')
}

interface ConversationColumn extends LiveColumn {
  readonly cell: (one: ConversationSummary, timeZone: string) => ReactNode
}

export const titleColumn: LiveColumn = {
  key: 'title',
  header: 'Conversation',
  className: 'min-w-0 flex-1 max-sm:row-span-2',
}

/**
 * The columns behind the title, which is the link of its row. A list with less room leaves some out; on phones a row
 * is a card of three lines.
 */
export const conversationColumns: readonly ConversationColumn[] = [
  {
    key: 'shape',
    header: 'Shape',
    className: 'max-sm:row-start-3 sm:w-40 sm:@max-3xl:hidden',
    cell: (one) => <Shape one={one} />,
  },
  {
    key: 'models',
    header: 'Models',
    className: 'hidden w-32 truncate @5xl:block',
    cell: ({ models }) => {
      const names = models.map(shortModel).join(', ')
      return names ? <span title={names}>{names}</span> : '–'
    },
  },
  {
    key: 'last',
    header: 'Last',
    className: 'max-sm:col-start-2 max-sm:row-start-2 max-sm:text-right max-sm:text-meta max-sm:text-muted sm:w-20',
    cell: (one, timeZone) => <RelativeTime at={one.lastRequestAt} timeZone={timeZone} />,
  },
  {
    key: 'turns',
    header: 'Turns',
    className: 'w-12 text-right max-sm:hidden',
    cell: (one) => formatExact(one.requestCount),
  },
  {
    key: 'tools',
    header: 'Tool calls',
    className: 'hidden w-16 text-right @7xl:block',
    cell: (one) => formatCount(one.toolCallCount),
  },
  {
    key: 'tokens',
    header: 'Tokens',
    className: 'text-right max-sm:col-start-2 max-sm:row-start-3 max-sm:text-secondary sm:w-16 sm:@max-xl:hidden',
    cell: (one) => (
      <span title={describeTokens(one)}>
        {formatTokens(promptOf(one) + one.outputTokens)}
        {/* A card has no header that says what is counted. */}
        <span className="sm:hidden"> tokens</span>
      </span>
    ),
  },
  {
    key: 'cost',
    header: 'Cost',
    className: 'text-right max-sm:col-start-2 max-sm:row-start-1 max-sm:font-medium sm:w-20',
    cell: (one) => <CostText {...one} />,
  },
  {
    key: 'cache',
    header: 'Cache hits',
    className: 'hidden w-16 text-right @4xl:block',
    cell: (one) => {
      const share = cacheShareOf(one)
      return share === null ? '–' : formatPercent(share)
    },
  },
  {
    key: 'context',
    header: 'Context',
    className: 'hidden w-26 text-right @3xl:block',
    cell: ({ latestContextTokens, contextPoints }) => (
      <span
        className="flex items-center justify-end gap-2"
        title={`${formatTokens(latestContextTokens)} tokens in the latest turn`}
      >
        <span className="w-14">
          <Sparkline values={contextPoints} />
        </span>
        <span className="w-10 text-right">{formatTokens(latestContextTokens)}</span>
      </span>
    ),
  },
]

/** For places with little room: all of them are Claude's. */
export function shortModel(model: string): string {
  return cleanText(model).replace(/^claude-/, '')
}

/** Where the work was done: the domain, and what the client told of its directory and branch. */
export function placeOf({ domain, projectDirectory, gitBranch }: ConversationSummary): string {
  const project = projectDirectory?.split(/[/\\]/).filter(Boolean).at(-1)
  return [domain, project && cleanText(project), gitBranch && cleanText(gitBranch)].filter(Boolean).join(' · ')
}

function Shape({ one }: { one: ConversationSummary }) {
  const branches = one.branchCount - one.compactionCount - 1
  const isPlain = branches <= 0 && one.compactionCount + one.subtaskCount + one.errorCount === 0
  return (
    <span className="flex gap-1 overflow-hidden">
      <span className="mr-1 text-secondary sm:hidden">{counted(one.requestCount, 'turn')}</span>
      {isPlain && <span className="max-sm:hidden">–</span>}
      {one.errorCount > 0 && <Badge tone="danger">{counted(one.errorCount, 'error')}</Badge>}
      {branches > 0 && <Badge>{counted(branches, 'branch', 'branches')}</Badge>}
      {one.compactionCount > 0 && <Badge>◆ {counted(one.compactionCount, 'compaction')}</Badge>}
      {one.subtaskCount > 0 && <Badge>{counted(one.subtaskCount, 'sub-task')}</Badge>}
    </span>
  )
}

function counted(count: number, word: string, words = `${word}s`): string {
  return `${formatExact(count)} ${count === 1 ? word : words}`
}
