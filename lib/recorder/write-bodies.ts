import type { PoolClient } from 'pg'
import { hashBytes, type BlockHash } from '@/lib/blocks/body-node'
import type { Packed } from '@/lib/blocks/codec'
import { contentTypes } from './usual-text'

/** A row of request_bodies. */
export interface BodyRow {
  readonly requestId: string
  readonly domainId: string | null
  readonly requestSha256: Buffer | null
  readonly requestContentType: string | null
  readonly responseSha256: Buffer | null
  readonly responseContentType: string | null
  readonly recipes: Buffer
}

/** A row of blocks, without the day. */
export interface BlockRow extends Packed {
  readonly domainId: string
  readonly hash: BlockHash
  readonly rawBytes: number
}

/**
 * Bytes of many rows as one parameter, cut apart by the server: arrays of bytea travel as hexadecimal text,
 * twice as long and ten times as slow to make.
 */
class BytePack {
  private readonly pieces: Buffer[] = []
  private length = 0

  /** Where `substring` finds it. */
  add(bytes: Buffer | null): { from: number | null; length: number | null } {
    if (!bytes) return { from: null, length: null }
    const from = this.length + 1
    this.pieces.push(bytes)
    this.length += bytes.length
    return { from, length: bytes.length }
  }

  addAll(list: readonly (Buffer | null)[]): [from: (number | null)[], length: (number | null)[]] {
    const places = list.map((bytes) => this.add(bytes))
    return [places.map(({ from }) => from), places.map(({ length }) => length)]
  }

  get bytes(): Buffer {
    return Buffer.concat(this.pieces)
  }
}

/** `last_seen_on` is written again after this many days: a row that is in use all the time is not rewritten all the time. */
export const touchEveryDays = 7

const insertBlocksSql = `
INSERT INTO blocks (domain_id, hash, codec, raw_bytes, bytes, last_seen_on)
SELECT domain_id, substring($1::bytea FROM hash_from FOR ${hashBytes}), codec, raw_bytes, substring($1::bytea FROM bytes_from FOR length), $2::date
FROM unnest($3::uuid[], $4::int[], $5::smallint[], $6::int[], $7::int[], $8::int[])
  AS block (domain_id, hash_from, codec, raw_bytes, bytes_from, length)
ON CONFLICT (hash) DO UPDATE SET last_seen_on = excluded.last_seen_on
WHERE blocks.last_seen_on <= excluded.last_seen_on - ${touchEveryDays}`

/** `rows` in order of their hashes: two processes that write the same blocks must not wait for each other in a circle. */
export async function insertBlocks(tx: PoolClient, rows: readonly BlockRow[], day: string): Promise<void> {
  if (rows.length === 0) return
  const pack = new BytePack()
  const [hashFrom] = pack.addAll(rows.map(({ hash }) => Buffer.from(hash, 'latin1')))
  const [from, length] = pack.addAll(rows.map(({ bytes }) => bytes))
  const columns = [
    rows.map((row) => row.domainId),
    hashFrom,
    rows.map((row) => row.codec),
    rows.map((row) => row.rawBytes),
    from,
    length,
  ]
  await tx.query(insertBlocksSql, [pack.bytes, day, ...columns])
}

const selectAndTouchSql = `
WITH wanted AS (
  SELECT substring($1::bytea FROM place FOR ${hashBytes}) AS hash FROM generate_series(1, length($1::bytea), ${hashBytes}) AS place
), touched AS (
  UPDATE blocks SET last_seen_on = $2::date FROM wanted
  WHERE blocks.hash = wanted.hash AND blocks.last_seen_on <= $2::date - ${touchEveryDays}
  RETURNING blocks.hash
)
SELECT hash FROM touched
UNION ALL
SELECT blocks.hash FROM blocks JOIN wanted USING (hash) WHERE blocks.last_seen_on > $2::date - ${touchEveryDays}`

/** Which of the blocks are there already. They count as seen lately: only then they are safe from collection. */
export async function selectAndTouch(
  tx: PoolClient,
  hashes: readonly BlockHash[],
  day: string,
): Promise<Set<BlockHash>> {
  const { rows } = await tx.query<{ hash: Buffer }>(selectAndTouchSql, [Buffer.from(hashes.join(''), 'latin1'), day])
  return new Set(rows.map(({ hash }) => hash.toString('latin1')))
}

const byteColumns = [
  ['request_sha256', (row: BodyRow) => row.requestSha256],
  ['response_sha256', (row: BodyRow) => row.responseSha256],
  ['recipes', (row: BodyRow) => row.recipes],
] as const
const placeNames = byteColumns.flatMap(([column]) => [`${column}_from`, `${column}_length`])

const insertBodiesSql = `
INSERT INTO request_bodies (request_id, domain_id, request_content_type, response_content_type, ${byteColumns.map(([column]) => column).join(', ')})
SELECT request_id, domain_id, request_content_type, response_content_type,
  ${byteColumns.map(([column]) => `substring($1::bytea FROM ${column}_from FOR ${column}_length)`).join(', ')}
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], ${placeNames.map((_, index) => `$${index + 6}::int[]`).join(', ')})
  AS body (request_id, domain_id, request_content_type, response_content_type, ${placeNames.join(', ')})
ON CONFLICT (request_id) DO NOTHING`

export async function insertBodies(tx: PoolClient, rows: readonly BodyRow[]): Promise<void> {
  if (rows.length === 0) return
  const pack = new BytePack()
  const places = byteColumns.flatMap(([, value]) => pack.addAll(rows.map(value)))
  const columns = [
    rows.map((row) => row.requestId),
    rows.map((row) => row.domainId),
    rows.map((row) => contentTypes.shorten(row.requestContentType)),
    rows.map((row) => contentTypes.shorten(row.responseContentType)),
  ]
  await tx.query(insertBodiesSql, [pack.bytes, ...columns, ...places])
}
