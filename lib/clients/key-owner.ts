import { refusedField } from '@/lib/errors'
import { normaliseEmail } from '@/lib/users/email'
import type { Transaction } from '@/lib/prisma'

/**
 * The person whose key it will be, by e-mail address; null = the domain's own. Held until the transaction ends: a
 * deactivation, which ends the keys of a person, would miss one that is being made.
 */
export async function requireKeyOwner(transaction: Transaction, email: string | undefined): Promise<string | null> {
  if (!email) return null
  const [user] = await transaction.$queryRaw<{ id: string }[]>`
    SELECT id FROM users WHERE email = ${normaliseEmail(email) ?? ''} AND is_active FOR SHARE`
  if (user) return user.id
  throw refusedField('ownerEmail', 'Nobody who can log in has this e-mail address.')
}

/** The same for the next key of a person who has one. Before the key itself is held, as a deactivation does it. */
export async function holdKeyOwner(transaction: Transaction, ownerId: string | null): Promise<void> {
  await transaction.$queryRaw`SELECT id FROM users WHERE id = ${ownerId}::uuid FOR SHARE`
}
