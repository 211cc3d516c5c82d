import { hash, verify } from '@node-rs/argon2'
import { shared } from '@/lib/shared'
import { Gate } from '@/lib/gate'

/** argon2id as OWASP recommends it: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** Two at a time: a burst of logins must not take the threads and the memory from the proxy. */
const gate = () => shared('password-gate', () => new Gate(2, 100))

/** One spelling of what different keyboards send for the same password. */
const spelled = (password: string): string => password.normalize('NFKC')

export async function hashPassword(password: string): Promise<string> {
  return gate().pass(() => hash(spelled(password), cost))
}

/** Whether the password is right. Without a hash (no such user) it takes the same time and says no. */
export async function isPasswordRight(passwordHash: string | null, password: string): Promise<boolean> {
  const compared = passwordHash ?? (await hashOfNobody())
  const isRight = await gate().pass(() => verify(compared, spelled(password)))
  return isRight && passwordHash !== null
}

/** Made once, of no password anybody has. */
function hashOfNobody(): Promise<string> {
  return shared('password-of-nobody', () => ({ hash: hash(crypto.randomUUID(), cost) })).hash
}
