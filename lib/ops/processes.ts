import { randomUUID } from 'node:crypto'
import { statfs } from 'node:fs/promises'
import { hostname } from 'node:os'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { env } from '@/lib/env'
import { newId } from '@/lib/ids'
import { log } from '@/lib/log'
import { shared } from '@/lib/shared'
import { writeFirst } from '@/lib/write-first'
import { ProcessBoard, type OwnProcess, type ProcessFigures, type ProcessState } from './process-board'
import { getRuntime } from './runtime'
import { productVersion } from './version'

/** Every process that works on one database, as each of them knows it. */

const syncEveryMs = 5_000

const holder = () => shared<{ board: ProcessBoard | null }>('processes', () => ({ board: null }))

/** Tells the others how this process is, and hears of them, until the signal. */
export async function keepProcesses(signal: AbortSignal): Promise<void> {
  const board = new ProcessBoard(describeSelf(), readFigures)
  holder().board = board
  let isTroubled = false
  while (!signal.aborted) {
    try {
      await board.sync()
      isTroubled = false
    } catch (error) {
      if (!isTroubled) log().warn({ error }, 'this process cannot hear of the others now')
      isTroubled = true
    }
    await delay(syncEveryMs, undefined, { signal }).catch(() => undefined)
  }
}

/** After the recorder is closed. */
export async function leaveProcesses(): Promise<void> {
  await holder().board?.leave()
}

/** This one first, as it is now. Before boot() has finished: none. */
export async function listProcesses(): Promise<ProcessState[]> {
  const { board } = holder()
  if (!board) return []
  const { journalId: _own, ...facts } = board.own
  const self: ProcessState = { ...facts, figures: await board.readFigures(), silentMs: 0, condition: 'running' }
  return [self, ...board.listOthers()]
}

function describeSelf(): OwnProcess {
  const { JOURNAL, NEXUS_DATA_DIR, ROLE } = env()
  return {
    id: newId(),
    journalId: JOURNAL ? readFolderId(NEXUS_DATA_DIR) : null,
    host: hostname(),
    pid: process.pid,
    role: ROLE,
    version: productVersion,
    startedAt: new Date(Date.now() - process.uptime() * 1000),
  }
}

/** Knows a folder again that another host or container mounts; where it cannot be written, by its place alone. */
function readFolderId(folder: string): string {
  const place = `${hostname()}:${path.resolve(folder)}`
  try {
    return writeFirst(path.join(folder, 'folder-id'), randomUUID()) || place
  } catch (error) {
    log().debug({ error }, 'the data folder cannot be named')
    return place
  }
}

async function readFigures(): Promise<ProcessFigures> {
  const { NEXUS_DATA_DIR, JOURNAL_MAX_BYTES: journalMaxBytes } = env()
  const disk = await statfs(NEXUS_DATA_DIR).catch(() => null)
  const runtime = getRuntime()
  const status = runtime ? runtime.recorder.status() : nothingYet
  return {
    openStreams: runtime?.openExchanges ?? 0,
    pending: status.pending,
    lagMs: status.lagMs,
    journalBytes: status.journalBytes,
    journalMaxBytes,
    isFull: status.isFull,
    journalFailures: status.journalFailures,
    droppedBodies: status.droppedBodies,
    quarantined: status.quarantined,
    checkedBodies: status.checkedBodies,
    damagedBodies: status.damagedBodies,
    rssBytes: process.memoryUsage.rss(),
    diskFreeBytes: disk && disk.bavail * disk.bsize,
    diskBytes: disk && disk.blocks * disk.bsize,
  }
}

const nothingYet = {
  journalBytes: 0,
  isFull: false,
  journalFailures: 0,
  droppedBodies: 0,
  quarantined: 0,
  checkedBodies: 0,
  damagedBodies: 0,
  pending: 0,
  lagMs: 0,
}
