import { readlinkSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { makeLinker } from '@/lib/conversations/link-conversations'
import { connectDatabase, disconnectDatabase } from '@/lib/db'
import { log } from '@/lib/log'
import { intakeHere } from '@/lib/recorder/open-intake'
import { serveIntake } from '@/lib/recorder/serve-intake'

/** The program of the thread that records: bundled beside server.ts, which names it to boot(). */

export interface RecorderThreadData {
  readonly databaseUrl: string
}

/** Where streams and records want the same core, streams go first: a tenth of it is left, and all cores they leave. */
const stepsBack = 10

/** Linux alone has priorities for threads, under ids of their own. */
function stepBack(): void {
  try {
    const lower = Math.min(getPriority() + stepsBack, constants.priority.PRIORITY_LOW)
    setPriority(Number(readlinkSync('/proc/thread-self').split('/').at(-1)), lower)
  } catch (error) {
    log().debug({ error }, 'the thread that records has no priority of its own here')
  }
}

async function main(): Promise<void> {
  if (!parentPort) throw new Error('recorder-thread is no program of its own: the server starts it')
  stepBack()
  const { databaseUrl } = workerData as RecorderThreadData
  connectDatabase(databaseUrl)
  await serveIntake(parentPort, intakeHere({ link: makeLinker() }))
  await disconnectDatabase()
}

await main()
