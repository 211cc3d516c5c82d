import type { Status } from '@/components/ui/status-pill'
import type { Sent } from '@/lib/sent'
import type { Vitals as ReadVitals } from '@/lib/doctor/read-vitals'
import { formatBytes, formatDuration, formatExact, formatPercent, formatQuantity } from '@/lib/format'
import { lagOfConcernMs } from '@/lib/recorder-lag'

/** As the API sends it. */
export type Vitals = Sent<ReadVitals>

/** One tile: how something is, in a word, a figure and what to do about it. */
export interface VitalTile {
  readonly name: string
  readonly status: Status
  readonly word: string
  readonly figure: string
  readonly detail: string
}

const loopOfConcernMs = 200
const fullShare = 0.8
const emptyShare = 0.05

/** Pure. */
export function prepareVitals(vitals: Vitals): VitalTile[] {
  return [server(vitals), recorder(vitals), journal(vitals), database(vitals), eventLoop(vitals), disk(vitals)]
}

/** Of all processes together: it does not matter which of them keeps the record. */
function total(processes: Vitals['processes'], key: 'openStreams' | Kept): number {
  return processes.reduce((sum, { figures }) => sum + (figures[key] ?? 0), 0)
}
type Kept = 'droppedBodies' | 'quarantined' | 'checkedBodies' | 'damagedBodies' | 'journalFailures' | 'journalMaxBytes'

function server({ health, phase, nodeVersion, processes }: Vitals): VitalTile {
  const openStreams = total(processes, 'openStreams')
  const isServing = phase === 'serving' && health.status !== 'unhealthy'
  return {
    name: 'Server',
    status: isServing ? (health.status === 'healthy' ? 'ok' : 'warn') : 'danger',
    word: isServing ? 'serving' : phase === 'serving' ? 'turning calls away' : phase,
    figure: formatQuantity(openStreams, 'open stream'),
    detail: `Version ${health.version}, Node ${nodeVersion}, up ${formatDuration(health.uptime * 1000)}`,
  }
}

function recorder({ health, processes }: Vitals): VitalTile {
  const { pending, lagMs } = health.recorder
  const isBehind = lagMs > lagOfConcernMs
  const lost = total(processes, 'droppedBodies') + total(processes, 'quarantined')
  const isDamaged = total(processes, 'damagedBodies') > 0
  return {
    name: 'Recorder',
    status: isDamaged ? 'danger' : isBehind || lost > 0 ? 'warn' : 'ok',
    word: isDamaged ? 'damaged' : isBehind ? 'behind' : lost > 0 ? 'incomplete' : 'up to date',
    figure: pending === 0 ? 'nothing waits' : `${formatExact(pending)} waiting, ${formatDuration(lagMs)} behind`,
    detail: describeBodies(processes),
  }
}

/** Since the start. */
function describeBodies(processes: Vitals['processes']): string {
  const count = (key: Kept) => total(processes, key)
  const exact = (key: Kept) => formatExact(count(key))
  if (count('damagedBodies') > 0)
    return `${exact('damagedBodies')} of ${exact('checkedBodies')} bodies read back are not as they passed; the log names the requests`
  if (count('droppedBodies') + count('quarantined') > 0)
    return `${exact('droppedBodies')} without a body, ${exact('quarantined')} set aside since the start`
  const checked = count('checkedBodies')
  return `Every body kept since the start${checked > 0 ? `; ${formatExact(checked)} read back and compared` : ''}`
}

function journal({ health, processes }: Vitals): VitalTile {
  const { journalBytes, journalShare } = health.recorder
  const journalFailures = total(processes, 'journalFailures')
  const isFilling = journalShare > fullShare
  return {
    name: 'Journal',
    status: journalFailures > 0 ? 'danger' : isFilling ? 'warn' : 'ok',
    word: journalFailures > 0 ? 'not written' : isFilling ? 'filling' : 'has room',
    figure: formatBytes(journalBytes),
    detail:
      journalFailures > 0
        ? `${formatQuantity(journalFailures, 'write')} refused by the disk`
        : `of ${formatBytes(total(processes, 'journalMaxBytes'))} for times without a database`,
  }
}

function database({ health, databaseBytes, databaseConnections, databaseWaiting }: Vitals): VitalTile {
  const isUp = health.database === 'connected'
  return {
    name: 'Database',
    status: isUp ? (databaseWaiting > 0 ? 'warn' : 'ok') : 'danger',
    word: isUp ? (databaseWaiting > 0 ? 'busy' : 'connected') : 'away',
    figure: databaseBytes === null ? '—' : formatBytes(databaseBytes),
    detail: isUp
      ? `${formatQuantity(databaseConnections, 'connection')}, ${formatQuantity(databaseWaiting, 'query', 'queries')} waiting`
      : 'Known clients are still served; the journal keeps what happens',
  }
}

function eventLoop({ eventLoopLagMs, rssBytes, mainMemory, recorderMemory }: Vitals): VitalTile {
  const isSlow = eventLoopLagMs !== null && eventLoopLagMs > loopOfConcernMs
  return {
    name: 'Process',
    status: isSlow ? 'warn' : 'ok',
    word: isSlow ? 'overloaded' : 'quick',
    figure: `${formatBytes(rssBytes)} memory`,
    detail: `${describeHeaps(mainMemory, recorderMemory)}; ${eventLoopLagMs === null ? 'its turns are being measured' : `late by ${formatDuration(eventLoopLagMs)} or less in 99 of 100 turns`}`,
  }
}

function describeHeaps(main: Vitals['mainMemory'], recorder: Vitals['recorderMemory']): string {
  const heap = `Heap ${formatBytes(main.heapBytes)}`
  return recorder ? `${heap}, of the recorder ${formatBytes(recorder.heapBytes)}` : heap
}

/** The fullest of all that data folders are on. */
function disk({ processes }: Vitals): VitalTile {
  const known = processes.filter(({ condition }) => condition === 'running').map(({ figures }) => figures)
  const { diskFreeBytes = null, diskBytes = null } =
    known.sort((a, b) => (a.diskFreeBytes ?? Infinity) - (b.diskFreeBytes ?? Infinity))[0] ?? {}
  if (diskFreeBytes === null || !diskBytes)
    return { name: 'Disk', status: 'off', word: 'not known', figure: '—', detail: '' }
  const isFull = diskFreeBytes < diskBytes * emptyShare
  return {
    name: 'Disk',
    status: isFull ? 'danger' : 'ok',
    word: isFull ? 'nearly full' : 'has room',
    figure: `${formatBytes(diskFreeBytes)} free`,
    detail: `of ${formatBytes(diskBytes)}, ${formatPercent(1 - diskFreeBytes / diskBytes)} used`,
  }
}
