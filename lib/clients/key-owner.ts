import { refusedField } from '@/lib/errors'
import { normaliseEmail } from '@/lib/users/email'
import type { Prisma } from '@/prisma/client/client'

/** The person whose key it will be, by e-mail address; null = the domain's own. */
export async function requireKeyOwner(
  transaction: Prisma.TransactionClient,
  email: string | undefined,
): Promise<string | null> {
  if (!email) return null
  const user = await transaction.user.findUnique({ where: { email: normaliseEmail(email) ?? '', isActive: true } })
  if (user) return user.id
  throw refusedField('ownerEmail', 'Nobody who can log in has this e-mail address.')
}
