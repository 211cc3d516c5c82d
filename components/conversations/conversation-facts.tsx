import { cleanText } from '@/components/message/clean-text'
import { CostText } from '@/components/requests/cost-text'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { KeyValueList } from '@/components/ui/key-value-list'
import type { ConversationSummary } from '@/lib/conversations/conversation-summary'
import type { Conversation } from '@/lib/conversations/get-conversation'
import { formatExact, formatPercent, formatTokens } from '@/lib/format'
import { cacheShareOf, shortModel } from './conversation-columns'

/** What a conversation came to. */
export function ConversationFacts({ conversation }: { conversation: Conversation }) {
  const cacheShare = cacheShareOf(conversation)
  const abandoned = conversation.branches.reduce((sum, branch) => sum + Number(branch.abandonedCostUsd), 0)
  return (
    <Card>
      <CardHeader title="Numbers" />
      <CardBody>
        <KeyValueList
          items={[
            { label: 'Cost', value: <CostText {...conversation} /> },
            ...(abandoned > 0
              ? [
                  {
                    label: 'of it abandoned',
                    value: <CostText costUsd={abandoned.toFixed(6)} costConfidence="exact" />,
                  },
                ]
              : []),
            { label: 'Turns', value: formatExact(conversation.requestCount) },
            { label: 'Side calls', value: formatExact(conversation.sideCallCount) },
            { label: 'Tool calls', value: formatExact(conversation.toolCallCount) },
            { label: 'Errors', value: formatExact(conversation.errorCount) },
            { label: 'Context now', value: contextText(conversation) },
            { label: 'Cache hits', value: cacheShare === null ? '–' : formatPercent(cacheShare) },
            { label: 'Models', value: <Models models={conversation.models} /> },
          ]}
        />
      </CardBody>
    </Card>
  )
}

/** How full the context is, as far as one knows how much the model takes. */
function contextText({ latestContextTokens, contextWindowTokens }: Conversation): string {
  const tokens = formatTokens(latestContextTokens)
  if (latestContextTokens === null || contextWindowTokens === null) return tokens
  return `${tokens} of ${formatTokens(contextWindowTokens)} (${formatPercent(latestContextTokens / contextWindowTokens)})`
}

function Models({ models }: Pick<ConversationSummary, 'models'>) {
  return models.map((model) => (
    <span key={model} className="block truncate" title={cleanText(model)}>
      {shortModel(model)}
    </span>
  ))
}
