import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { shared } from '@/lib/shared'

const lifetimeMs = 3_600_000

interface Announced {
  readonly digest: Buffer
  readonly expiresAtMs: number
}

const state = () => shared<{ announced: Announced | null }>('setup-token', () => ({ announced: null }))

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest()

/**
 * Says in the log where the first user can be made. Called at boot while nobody exists; the link holds for an hour
 * and works once, because the setup closes with the first user. Only a digest stays in memory.
 */
export function announceSetupToken(): void {
  const token = env().SETUP_TOKEN ?? randomBytes(32).toString('base64url')
  state().announced = { digest: digestOf(token), expiresAtMs: Date.now() + lifetimeMs }
  const minutes = lifetimeMs / 60_000
  // Said on purpose: whoever reads the server's log owns the server.
  log().info(
    { setupUrl: `${env().publicUrl}/setup?token=${token}` },
    `Make the first user within ${minutes} minutes; a restart gives a new link`,
  )
}

/** Whether this is the announced token and its hour has not passed. */
export function isSetupTokenValid(token: string): boolean {
  const { announced } = state()
  return announced !== null && Date.now() < announced.expiresAtMs && timingSafeEqual(digestOf(token), announced.digest)
}
