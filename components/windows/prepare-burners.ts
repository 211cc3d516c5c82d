import type { CostSums } from '@/components/usage/format-metric'
import type { Sent } from '@/lib/sent'
import type { Burner, BurningConversation } from '@/lib/usage/query-window-detail'

export type BurnerJson = Sent<Burner>
export type BurningJson = Sent<BurningConversation> & { readonly title: string | null }

/** A domain, a client key of it, or a conversation of that. */
export interface BurnerRow extends CostSums {
  readonly key: string
  readonly level: 0 | 1 | 2
  readonly name: string
  readonly href: string | null
  readonly requests: number
  readonly tokens: number
  /** Of all, 0 to 1; null = nothing was spent. */
  readonly share: number | null
}

const withoutKey = '00000000-0000-0000-0000-000000000000'

/** Who burns a window: domains, under each its keys, under each its conversations, the costliest first. */
export function prepareBurners(keys: readonly BurnerJson[], conversations: readonly BurningJson[]): BurnerRow[] {
  const total = keys.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0)
  const shareOf = (costMicroUsd: number) => (total === 0 ? null : costMicroUsd / total)
  return domainsOf(keys).flatMap((domain) => [
    { ...domain, share: shareOf(domain.costMicroUsd) },
    ...keys
      .filter((key) => key.domain === domain.name)
      .flatMap((key) => [
        { ...keyRow(key), share: shareOf(key.costMicroUsd) },
        ...conversations
          .filter((one) => one.domain === key.domain && one.clientKeyId === key.clientKeyId)
          .map((one) => ({ ...conversationRow(one), share: shareOf(one.costMicroUsd) })),
      ]),
  ])
}

function domainsOf(keys: readonly BurnerJson[]): Omit<BurnerRow, 'share'>[] {
  const names = [...new Set(keys.map(({ domain }) => domain))]
  const domains = names.map((name) => {
    const own = keys.filter(({ domain }) => domain === name)
    const sum = (field: keyof Sums) => own.reduce((total, key) => total + key[field], 0)
    return {
      ...{ key: `domain ${name}`, level: 0 as const, name: name || 'no domain', href: null },
      ...{ requests: sum('requests'), tokens: sum('tokens'), costMicroUsd: sum('costMicroUsd') },
      ...{ unpricedRequests: sum('unpricedRequests'), estimatedRequests: sum('estimatedRequests') },
    }
  })
  return domains.sort((a, b) => b.costMicroUsd - a.costMicroUsd || b.tokens - a.tokens)
}

function keyRow({ domain, clientKeyId, clientKeyName, ...sums }: BurnerJson): Omit<BurnerRow, 'share'> {
  const name = clientKeyName ?? (clientKeyId === withoutKey ? 'without a client key' : 'a deleted client key')
  const query = new URLSearchParams({ clientKeyId: clientKeyId === withoutKey ? 'none' : clientKeyId })
  return {
    ...{ key: `key ${domain} ${clientKeyId}`, level: 1, name, href: `/requests?${query.toString()}` },
    ...sumsOf(sums),
  }
}

function conversationRow({ conversationId, title, ...sums }: BurningJson): Omit<BurnerRow, 'share'> {
  return {
    ...{ key: `conversation ${sums.clientKeyId} ${conversationId}`, level: 2, name: title || 'conversation' },
    ...{ href: `/conversations/${conversationId}`, ...sumsOf(sums) },
  }
}

type Sums = Pick<BurnerRow, 'requests' | 'tokens' | keyof CostSums>

const sumsOf = ({ requests, tokens, costMicroUsd, unpricedRequests, estimatedRequests }: Sums): Sums => ({
  ...{ requests, tokens, costMicroUsd, unpricedRequests, estimatedRequests },
})
