import { queryRows } from '@/lib/dashboard-query'
import type { ExchangeDetail } from '@/lib/recorder/exchange-detail'

/** What the accounts are called that an exchange asked or passed over, by their ids; one that is no more has no name. */
export async function loadAccountNames(detail: ExchangeDetail | null): Promise<Readonly<Record<string, string>>> {
  const decisions = [...(detail?.attempts ?? []), ...(detail?.noAccount ? [detail.noAccount] : [])]
  const asked = detail?.attempts?.map(({ accountId }) => accountId) ?? []
  const passedOver = decisions.flatMap(({ skipped = [] }) => skipped.map(({ accountId }) => accountId))
  const accountIds = [...new Set([...asked, ...passedOver])].filter((id) => id !== null)
  if (accountIds.length === 0) return {}
  const rows = await queryRows<{ accountId: string; name: string }>(
    `SELECT account_id AS "accountId", name FROM accounts WHERE account_id = ANY($1) AND name <> ''`,
    [accountIds],
  )
  return Object.fromEntries(rows.map(({ accountId, name }) => [accountId, name]))
}
