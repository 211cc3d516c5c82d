import { statfs } from 'node:fs/promises'
import { noDomainId } from '@/lib/blocks/domain-keys'
import { queryRows } from '@/lib/dashboard-query'
import { dashboardPool } from '@/lib/db'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { endOf, listWeeks, startOf, type Week } from './weeks'

export interface StorageDay {
  readonly day: string
  readonly logicalBytes: number
  readonly storedBytes: number
  /** Of the whole database, the content included; null = not measured on that day. */
  readonly databaseBytes: number | null
}

export interface StorageDomain {
  /** null = calls that belong to no domain. */
  readonly domainId: string | null
  readonly domain: string | null
  readonly requests: number
  readonly logicalBytes: number
  readonly storedBytes: number
  readonly blocks: number
}

export interface StorageWeek {
  readonly from: string
  readonly to: string
  /** By statistics of the database, counted where a week is small; null = it has made none yet. */
  readonly requests: number | null
  readonly rowBytes: number
  readonly bodyBytes: number
  readonly linkBytes: number
}

/** What the processes still have to bring into the database, and what they could not. */
export interface JournalState {
  readonly processes: number
  readonly bytes: number
  readonly maxBytes: number
  readonly fullPolicy: 'shed' | 'drop-body'
  readonly isFull: boolean
  readonly pending: number
  readonly lagMs: number
  readonly failures: number
  readonly droppedBodies: number
  readonly quarantined: number
}

export interface StorageReport {
  /** Of the figures by domain and day; null = not measured yet. */
  readonly measuredOn: string | null
  readonly days: readonly StorageDay[]
  readonly domains: readonly StorageDomain[]
  readonly weeks: readonly StorageWeek[]
  /** The tables of the record as they are on disk, indexes and free space included. */
  readonly databaseBytes: number
  readonly blockTableBytes: number
  /** Where the data directory is; null where that cannot be asked. */
  readonly diskFreeBytes: number | null
  readonly isDatabaseOnThisDisk: boolean
}

const daysShown = 90

export async function queryStorage(): Promise<StorageReport> {
  const [days, domains, weeks, sizes, diskFreeBytes] = await Promise.all([
    queryDays(),
    queryDomains(),
    queryWeeks(),
    querySizes(),
    readDiskFree(),
  ])
  const measuredOn = days.at(-1)?.day ?? null
  return { measuredOn, days, domains, weeks, ...sizes, diskFreeBytes, isDatabaseOnThisDisk: !env().DATABASE_URL }
}

async function queryDays(): Promise<StorageDay[]> {
  return queryRows<StorageDay>(
    `SELECT to_char(day, 'YYYY-MM-DD') AS day, sum(logical_bytes)::float8 AS "logicalBytes",
       sum(block_bytes + recipe_bytes)::float8 AS "storedBytes", max(d.bytes)::float8 AS "databaseBytes"
     FROM storage_days s LEFT JOIN database_days d USING (day)
     WHERE day > current_date - ${daysShown} GROUP BY s.day ORDER BY s.day`,
  )
}

async function queryDomains(): Promise<StorageDomain[]> {
  return queryRows<StorageDomain>(
    `SELECT nullif(s.domain_id, '${noDomainId}') AS "domainId", d.name AS domain, s.requests::float8 AS requests,
       s.logical_bytes::float8 AS "logicalBytes", (s.block_bytes + s.recipe_bytes)::float8 AS "storedBytes",
       s.blocks::float8 AS blocks
     FROM storage_days s LEFT JOIN domains d ON d.id = s.domain_id
     WHERE s.day = (SELECT max(day) FROM storage_days) ORDER BY "storedBytes" DESC, d.name LIMIT 1000`,
  )
}

async function queryWeeks(): Promise<StorageWeek[]> {
  const weeks = await listWeeks(dashboardPool())
  // Tables are made ahead: a week to come is empty.
  const ofRequests = weeks.filter((week) => week.table === 'api_requests' && startOf(week).getTime() <= Date.now())
  const requestsOf = await countRequests(ofRequests)
  return ofRequests.map((week) => {
    const bytesOf = (...tables: string[]) =>
      weeks
        .filter(({ table, fromId }) => fromId === week.fromId && tables.includes(table))
        .reduce((total, { bytes }) => total + bytes, 0)
    return {
      from: startOf(week).toISOString(),
      to: endOf(week).toISOString(),
      requests: requestsOf.get(week.name) ?? null,
      rowBytes: bytesOf('api_requests'),
      bodyBytes: bytesOf('request_bodies'),
      linkBytes: bytesOf('request_links', 'link_keys'),
    }
  })
}

/** The database makes its statistics once a table has changed enough: a young week may have none, and is soon counted. */
const soonCountedBytes = 16 * 1024 * 1024

async function countRequests(weeks: readonly Week[]): Promise<Map<string, number>> {
  const known = await queryRows<{ name: string; requests: number }>(
    `SELECT c.relname AS name, c.reltuples::float8 AS requests FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid
     WHERE inhparent = 'api_requests'::regclass AND c.reltuples >= 0`,
  )
  const requestsOf = new Map(known.map(({ name, requests }) => [name, requests]))
  const small = weeks.filter(({ name, bytes }) => !requestsOf.has(name) && bytes <= soonCountedBytes)
  for (const { name, fromId, toId } of small) {
    const [counted] = await queryRows<{ requests: number }>(
      'SELECT count(*)::float8 AS requests FROM api_requests WHERE request_id >= $1::uuid AND request_id < $2::uuid',
      [fromId, toId],
    )
    if (counted) requestsOf.set(name, counted.requests)
  }
  return requestsOf
}

async function querySizes(): Promise<Pick<StorageReport, 'databaseBytes' | 'blockTableBytes'>> {
  const [sizes] = await queryRows<{ databaseBytes: number; blockTableBytes: number }>(
    `SELECT pg_database_size(current_database())::float8 AS "databaseBytes",
       pg_total_relation_size('blocks')::float8 AS "blockTableBytes"`,
  )
  return sizes ?? { databaseBytes: 0, blockTableBytes: 0 }
}

async function readDiskFree(): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(env().NEXUS_DATA_DIR)
    return bavail * bsize
  } catch (error) {
    log().warn({ error }, 'the room on the disk of the data directory cannot be asked')
    return null
  }
}
