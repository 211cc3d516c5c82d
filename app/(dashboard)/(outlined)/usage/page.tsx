import type { Metadata } from 'next'
import { requireUser } from '@/app/require-user'
import { UsageView } from '@/components/usage/usage-view'
import { usageQueryOf } from '@/components/usage/usage-query'
import { sent } from '@/lib/sent'
import { listFilterOptions } from '@/lib/requests/list-filter-options'
import { currentPriceBook } from '@/lib/usage/current-price-book'
import { queryExplorer } from '@/lib/usage/query-explorer'
import { readExplorerQuestion } from '@/lib/usage/read-explorer-question'
import { mayDo } from '@/lib/users/permissions'
import { loadReach, narrowDomains } from '@/lib/users/reach'

export const metadata: Metadata = { title: 'Usage & cost' }

export default async function UsagePage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[]>>
}) {
  const user = await requireUser()
  const query = firstValues(await searchParams)
  const asked = readExplorerQuestion(query, new Date())
  const reach = await loadReach(user)
  const question = { ...asked, filter: { ...asked.filter, domain: narrowDomains(reach, asked.filter.domain) } }
  const [explorer, options, book] = await Promise.all([
    queryExplorer(question),
    listFilterOptions({ from: asked.from, to: asked.to, domains: reach.domains }),
    currentPriceBook(),
  ])
  return (
    <UsageView
      initial={{ query: usageQueryOf(query), explorer: sent(explorer) }}
      options={options}
      pricesAsOf={book.asOf}
      mayReadAll={mayDo(user.role, 'numbers:read')}
      mayWrite={mayDo(user.role, 'settings:write')}
    />
  )
}

function firstValues(query: Record<string, string | string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value].flat()[0] ?? '']))
}
