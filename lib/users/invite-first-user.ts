import { setTimeout as delay } from 'node:timers/promises'
import { log } from '@/lib/log'
import { announceSetupToken } from './setup-token'
import { hasUsers } from './users'

const longestPauseMs = 5_000

/**
 * Says in the log where the first user can be made, if there is none. While the database does not answer it is asked
 * again, until the signal. Never throws.
 */
export async function inviteFirstUser(signal: AbortSignal): Promise<void> {
  for (let pauseMs = 250; !signal.aborted; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      if (!(await hasUsers())) announceSetupToken()
      return
    } catch (error) {
      log().debug({ error }, 'whether there are users cannot be asked now')
    }
    await delay(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}
