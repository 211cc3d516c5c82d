import type { ClientBase } from 'pg'
import { timeOfId } from '@/lib/ids'
import { partitionedTables } from '@/lib/recorder/partitions'
import type { Expiry } from './expiry'

/** One weekly partition of a table of the record. */
export interface Week {
  readonly table: string
  readonly name: string
  /** The first id of the week and of the next one. */
  readonly fromId: string
  readonly toId: string
  /** Indexes and long values included. */
  readonly bytes: number
}

export const endOf = ({ toId }: Week): Date => timeOfId(toId)
export const startOf = ({ fromId }: Week): Date => timeOfId(fromId)

const boundsPattern = String.raw`FROM \('([0-9a-f-]{36})'\) TO \('([0-9a-f-]{36})'\)`

/** Every week of the record, oldest first. */
export async function listWeeks(
  client: Pick<ClientBase, 'query'>,
  tables: readonly string[] = partitionedTables,
): Promise<Week[]> {
  const { rows } = await client.query<Week>(
    `SELECT inhparent::regclass::text AS table, inhrelid::regclass::text AS name, bounds[1] AS "fromId", bounds[2] AS "toId",
       pg_total_relation_size(inhrelid)::float8 AS bytes
     FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid,
       regexp_match(pg_get_expr(relpartbound, pg_class.oid), $2) AS bounds
     WHERE inhparent = ANY($1::regclass[]) AND bounds IS NOT NULL AND NOT inhdetachpending
     ORDER BY "fromId", name`,
    [tables, boundsPattern],
  )
  return rows
}

/** True for what stays: of requests that have not expired, or are starred. Parameters: `stayParameters`. */
export const staysSql = `request_id IN (
  SELECT a.request_id FROM api_requests a WHERE a.request_id >= $4::uuid AND a.request_id < $5::uuid
    AND (NOT CASE WHEN a.domain_id = ANY($1::uuid[]) THEN true WHEN a.domain_id = ANY($2::uuid[]) THEN false
        ELSE $3::boolean END
      OR a.starred_at IS NOT NULL
      OR a.conversation_id IN (SELECT conversation_id FROM conversations WHERE starred_at IS NOT NULL)))`

export function stayParameters({ fromId, toId }: Week, expiry: Expiry): unknown[] {
  return [expiry.expiredIds, expiry.knownIds, expiry.isOthersExpired, fromId, toId]
}

interface WeekCount {
  readonly total: number
  readonly staying: number
}

export async function countWeek(client: Pick<ClientBase, 'query'>, week: Week, expiry: Expiry): Promise<WeekCount> {
  const { rows } = await client.query<WeekCount>(
    `SELECT count(*)::float8 AS total, count(*) FILTER (WHERE ${staysSql})::float8 AS staying FROM ${week.name}`,
    stayParameters(week, expiry),
  )
  return rows[0] ?? { total: 0, staying: 0 }
}
