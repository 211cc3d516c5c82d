import { v7 } from 'uuid'

/** A new UUIDv7: sorts by creation time, and is the partition key of the record. */
export function newId(atMs?: number): string {
  return atMs === undefined ? v7() : v7({ msecs: atMs })
}

/** The smallest UUIDv7 of an instant: turns a time bound into a bound on request_id. */
export function firstIdAt(at: Date): string {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`
}

/** A request's id and its created_at are made a moment apart. */
const idSlackMs = 60_000

/** Bounds on the ids of all requests of a period, the end excluded: with them partitions are skipped and the key is used. */
export function idsBetween(from: Date, to: Date): { firstId: string; endId: string } {
  const at = (date: Date, slackMs: number) => firstIdAt(new Date(date.getTime() + slackMs))
  return { firstId: at(from, -idSlackMs), endId: at(to, idSlackMs) }
}

/** The instant a UUIDv7 was made. */
export function timeOfId(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16))
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** A UUID as it is stored and written here. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text)
}

/** A UUID out of an address, where either case means the same (RFC 9562), as it is written here; any other text as it is. */
export function plainId(text: string): string {
  const plain = text.toLowerCase()
  return isUuid(plain) ? plain : text
}
