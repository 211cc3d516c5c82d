import { z } from 'zod'
import { prisma } from '@/lib/prisma'
import { AppError, invalidField } from '@/lib/errors'
import { isUuid } from '@/lib/ids'
import { recordAudit } from '@/lib/users/audit'
import type { Doer } from '@/lib/users/doer'
import { listAccounts, type ListedAccount } from './accounts'
import { expireKnownAccounts } from './domain-accounts'
import { lockLinks } from './links-lock'
import { listDomainAccounts } from './order'

export const domainOrderSchema = z.strictObject({
  /** The accounts that the domain may spend, first choice first. */
  accountIds: z.array(z.string().max(200)).max(200),
  /** true = all share the traffic, a session stays in one; false = one after the other. */
  isShared: z.boolean().default(false),
  /** Shares by account id; an account that is not named keeps its own. */
  weights: z.record(z.string().max(200), z.number().int().min(1).max(1_000)).default({}),
})

/** Makes a domain's accounts and their order say what is given. */
export async function setDomainAccounts(
  domainId: string,
  order: z.infer<typeof domainOrderSchema>,
  by: Doer,
): Promise<ListedAccount[]> {
  const accountIds = [...new Set(order.accountIds)]
  await prisma().$transaction(async (transaction) => {
    await lockLinks(transaction)
    const domain = isUuid(domainId) ? await transaction.domain.findUnique({ where: { id: domainId } }) : null
    if (!domain) throw new AppError('not-found', 'There is no such domain.')
    const found = await transaction.account.findMany({
      where: { accountId: { in: accountIds }, deletedAt: null },
      include: { domains: true },
    })
    if (found.length !== accountIds.length) throw invalidField('accountIds', 'One of these accounts does not exist.')
    const isPooled = found.some(
      ({ kind, domains }) => kind === 'oauth' && domains.some((link) => link.domainId !== domainId),
    )
    if (isPooled)
      throw invalidField('accountIds', 'One of these is a stored login of another domain, which is never shared.')
    await transaction.accountDomain.deleteMany({ where: { domainId, account: { accountId: { notIn: accountIds } } } })
    for (const { id, accountId } of found) {
      const position = order.isShared ? 0 : accountIds.indexOf(accountId)
      const weight = order.weights[accountId]
      await transaction.accountDomain.upsert({
        where: { accountUuid_domainId: { accountUuid: id, domainId } },
        create: { accountUuid: id, domainId, position, weight },
        update: { position, weight },
      })
    }
    const detail = { domain: domain.name, accountIds, isShared: order.isShared, weights: order.weights }
    await recordAudit(transaction, {
      ...by,
      action: 'domain.set-accounts',
      targetType: 'domain',
      targetId: domainId,
      detail,
    })
  })
  expireKnownAccounts()
  return listDomainAccounts(await listAccounts(), domainId)
}
