import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { timeOfId } from '@/lib/ids'
import type { JournalEntry } from '@/lib/journal/entry'
import type { Journal } from '@/lib/journal/journal'
import { scanSegment, type FoundFrame, type SegmentScan } from '@/lib/journal/scan'
import { log } from '@/lib/log'
import type { FinishedExchange } from './exchange'
import { JournaledExchange } from './journaled-exchange'

interface Found {
  readonly entry: JournalEntry
  byteLength: number
  hasBegin: boolean
}

/** Everything that a dead process left in a directory, as exchanges to record, oldest first. */
export async function adoptExchanges(directory: string, journal: Journal): Promise<FinishedExchange[]> {
  const found = new Map<string, Found>()
  for (const name of (await readdir(directory)).filter((file) => file.endsWith('.segment')).sort()) {
    const scan = await scanSegment(path.join(directory, name))
    journal.adopt(scan.segment)
    await setDamageAside(scan, journal)
    for (const frame of scan.frames) noteFrame(found, frame, journal)
    if (scan.frames.length === 0) journal.dropIfUnused(scan.segment)
  }
  const exchanges: FinishedExchange[] = []
  for (const [requestId, { entry, byteLength, hasBegin }] of found) {
    const receivedAtMs = timeOfId(requestId).getTime()
    // The rest of an exchange whose begin is recorded and gone, or damaged and set aside.
    if (!hasBegin) entry.release()
    else
      exchanges.push(
        new JournaledExchange(entry, { requestId, receivedAtMs, endedAtMs: receivedAtMs, byteLength, isRepeat: true }),
      )
  }
  return exchanges.sort((one, other) => (one.requestId < other.requestId ? -1 : 1))
}

function noteFrame(found: Map<string, Found>, frame: FoundFrame, journal: Journal): void {
  let exchange = found.get(frame.requestId)
  if (!exchange)
    found.set(frame.requestId, (exchange = { entry: journal.entry(frame.requestId), byteLength: 0, hasBegin: false }))
  exchange.entry.add(frame)
  exchange.byteLength += frame.payloadLength
  exchange.hasBegin ||= frame.type === 'begin'
}

const damagePieceBytes = 16 * 1024 * 1024

async function setDamageAside({ segment, damaged }: SegmentScan, journal: Journal): Promise<void> {
  for (const { offset, length } of damaged) {
    const name = `${path.basename(path.dirname(segment.file))}-${path.basename(segment.file, '.segment')}-${offset}`
    for (let done = 0; done < length; done += damagePieceBytes) {
      await journal.quarantine(
        `${name}-${done}`,
        await segment.read(offset + done, Math.min(damagePieceBytes, length - done)),
      )
    }
  }
  const bytes = damaged.reduce((total, { length }) => total + length, 0)
  if (bytes > 0)
    log().warn(
      { segment: path.basename(segment.file), bytes },
      'a journal segment has a torn or damaged part; it was set aside, everything else is recorded',
    )
}
