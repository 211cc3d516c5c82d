import { hash, verify } from '@node-rs/argon2'
import { AppError } from '@/lib/errors'
import { shared } from '@/lib/shared'

/** argon2id as OWASP recommends it: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
const atOnce = 2
const mayWait = 100

/** Two at a time: a burst of logins must not take the threads and the memory from the proxy. */
const gate = () => shared('password-gate', () => ({ running: 0, waiting: [] as (() => void)[] }))

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const { waiting } = gate()
  if (waiting.length >= mayWait) throw new AppError('rate-limited', 'Too many logins at once. Try again in a moment.')
  if (gate().running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else gate().running += 1
  try {
    return await work()
  } finally {
    // The place goes straight to the next in line, or becomes free.
    const next = waiting.shift()
    if (next) next()
    else gate().running -= 1
  }
}

/** One spelling of what different keyboards send for the same password. */
const spelled = (password: string): string => password.normalize('NFKC')

export async function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(spelled(password), cost))
}

/** Whether the password is right. Without a hash (no such user) it takes the same time and says no. */
export async function isPasswordRight(passwordHash: string | null, password: string): Promise<boolean> {
  const compared = passwordHash ?? (await hashOfNobody())
  const isRight = await inTurn(() => verify(compared, spelled(password)))
  return isRight && passwordHash !== null
}

/** Made once, of no password anybody has. */
function hashOfNobody(): Promise<string> {
  return shared('password-of-nobody', () => ({ hash: hash(crypto.randomUUID(), cost) })).hash
}
