import { setTimeout as delay } from 'node:timers/promises'
import { keepAccountState } from '@/lib/accounts/account-state'
import { keepCacheSnapshot } from '@/lib/accounts/cache-snapshot'
import { startCredentialFiles } from '@/lib/accounts/credential-files'
import { keepAlerts } from '@/lib/alerts/keep-alerts'
import { saveClientKeyUses } from '@/lib/clients/client-key-use'
import { makeLinker } from '@/lib/conversations/link-conversations'
import { connectDatabase, databaseUrl, disconnectDatabase } from '@/lib/db'
import { readDotEnv } from '@/lib/dot-env'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { startEmbeddedPostgres } from '@/lib/postgres/embedded-postgres'
import { migrate } from '@/lib/postgres/migrate'
import { intakeInThread } from '@/lib/recorder/intake-thread'
import { openDirectRecorder, openRecorder, type Recorder } from '@/lib/recorder/recorder'
import { publishRecorded } from '@/lib/requests/live-events'
import { keepSwept } from '@/lib/retention/keep-swept'
import { shared } from '@/lib/shared'
import { keepLimits, noteRecorded } from '@/lib/usage/check-limits'
import { keepUpstreamLimits } from '@/lib/usage/upstream-limits'
import { inviteFirstUser } from '@/lib/users/invite-first-user'
import { setBootProblem } from './boot-state'
import { metrics } from './metrics'
import { collectDatabase } from './metrics-database'
import { collectRuntime } from './metrics-gauges'
import { keepProcesses, leaveProcesses, listProcesses } from './processes'
import type { RecorderThreadData } from './recorder-thread'
import { runsJobs } from './role'
import { composeRuntime, type Runtime } from './runtime'
import { startTelemetry } from './telemetry'

export interface Booted {
  readonly runtime: Runtime
  /** Writes out what is pending and lets go of everything. */
  close(): Promise<void>
}

/**
 * Brings this process up, once: instrumentation.ts and server.ts both call it. Who has the program of a thread that
 * records (recorder-thread.ts, built) names it; else this thread records, between the streams.
 */
export function boot(recorderThread?: URL): Promise<Booted> {
  return shared('boot', () => ({ promise: start(recorderThread) })).promise
}

async function start(recorderThread: URL | undefined): Promise<Booted> {
  const variables = env()
  sayDotEnv()
  saySecrets(variables.generatedSecrets, variables.NEXUS_DATA_DIR)
  const embedded = variables.DATABASE_URL ? null : await startEmbeddedPostgres({ dataDir: variables.NEXUS_DATA_DIR })
  connectDatabase(variables.DATABASE_URL ?? embedded?.url ?? '')
  const isUp = await prepareDatabase()
  const recorder = await openRecords(recorderThread)
  recorder.onRecorded(publishRecorded)
  recorder.onRecorded(noteRecorded)
  recorder.onRecorded((rows) => metrics().noteRecorded(rows))
  const telemetry = startTelemetry(recorder)
  const runtime = composeRuntime(recorder)
  collectRuntime(metrics().registry)
  collectDatabase(metrics().registry)
  const stop = new AbortController()
  const prepared = isUp ? afterDatabase(stop.signal) : keepPreparing(stop.signal)
  const kept = keepUntil(stop.signal)
  if (runsJobs(variables.ROLE)) startJobs(prepared, stop.signal)
  if (isUp) await prepared
  return {
    runtime,
    close: async () => {
      stop.abort()
      await Promise.allSettled([prepared, kept])
      await recorder.close()
      await leaveProcesses().catch((error: unknown) => log().debug({ error }, 'the others are not told of the end'))
      await telemetry?.stop()
      await saveClientKeyUses().catch((error: unknown) =>
        log().warn({ error }, 'when keys were last used is not saved'),
      )
      await disconnectDatabase()
      await embedded?.stop()
    },
  }
}

/** Not waited for at the end: a sweep or a message that is broken off loses nothing, the next one goes on. */
function startJobs(prepared: Promise<void>, signal: AbortSignal): void {
  prepared.then(() => keepSwept(signal)).catch((error: unknown) => log().error({ error }, 'the retention does not run'))
  // From the start: that the database is away is one of the things to tell.
  void keepAlerts({ listProcesses }, signal)
}

function openRecords(threadFile: URL | undefined): Recorder | Promise<Recorder> {
  const { JOURNAL, NEXUS_DATA_DIR: dataDir } = env()
  if (JOURNAL && threadFile) {
    const data: RecorderThreadData = { databaseUrl: databaseUrl() }
    return openRecorder({ dataDir, openIntake: intakeInThread({ file: threadFile, data }) })
  }
  const link = makeLinker()
  return JOURNAL ? openRecorder({ dataDir, link }) : openDirectRecorder({ link })
}

/** What runs beside the calls: nothing of it may hold one up. */
function keepUntil(signal: AbortSignal): Promise<unknown> {
  return Promise.all([
    keepLimits(signal),
    keepUpstreamLimits(signal),
    keepAccountState(signal),
    keepProcesses(signal),
    keepCacheSnapshot({ dataDir: env().NEXUS_DATA_DIR, signal }),
  ])
}

/** Said before anything follows from settings that do not hold, such as a secret that is generated anew. */
function sayDotEnv(): void {
  const { problem } = readDotEnv()
  if (problem) log().warn(`${problem.says} ${problem.fix}`)
}

function saySecrets(names: readonly string[], dataDir: string): void {
  if (names.length > 0)
    log().info(
      { names },
      `generated ${names.join(' and ')} into ${dataDir}/secrets.json; keep that file with your backups`,
    )
}

/** Applies missing migrations; false when the database cannot be reached. */
async function prepareDatabase(): Promise<boolean> {
  try {
    const { applied, unknown } = await migrate(databaseUrl())
    if (unknown.length > 0) log().warn({ unknown }, 'a newer version of this program has migrated this database')
    if (applied.length > 0) log().info({ applied }, 'database migrations applied')
    setBootProblem(null)
    return true
  } catch (error) {
    log().error(
      { error },
      'the database is not ready; the proxy serves known clients and records to its journal meanwhile',
    )
    setBootProblem('the database is not reachable or a migration is missing')
    return false
  }
}

async function keepPreparing(signal: AbortSignal): Promise<void> {
  for (let waitMs = 500; !signal.aborted; waitMs = Math.min(waitMs * 2, 5_000)) {
    await delay(waitMs, undefined, { signal }).catch(() => undefined)
    if (!signal.aborted && (await prepareDatabase())) return afterDatabase(signal)
  }
}

/** What needs the tables: credential files, and the invitation to make the first user. */
async function afterDatabase(signal: AbortSignal): Promise<void> {
  await startCredentialFiles({ directory: env().CREDENTIALS_DIR, signal })
  void inviteFirstUser(signal)
}
