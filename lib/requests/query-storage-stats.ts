import { queryRows } from '@/lib/dashboard-query'

/** What the record holds on disk, against what passed through. */
interface StorageStats {
  /** Ever recorded. */
  readonly requests: number
  readonly blocks: number
  /** Bodies of the requests whose bodies are still kept, as they were sent. */
  readonly logicalBytes: number
  /** Disk taken by blocks and recipes, indexes included. */
  readonly storedBytes: number
  /** Large tables are counted by their statistics and a sample. */
  readonly isEstimated: boolean
}

/** Above this many rows an exact count costs more than it tells. */
const mostCounted = 2_000_000
const samplePercent = 1

export async function queryStorageStats(): Promise<StorageStats> {
  const [sizes] = await queryRows<{ requests: number; storedBytes: number; blockRows: number; requestRows: number }>(`
    SELECT (SELECT coalesce(sum(requests), 0)::float8 FROM usage_hours) AS requests,
      (SELECT coalesce(sum(pg_total_relation_size(relid)), 0)::float8 FROM pg_partition_tree('request_bodies'))
        + pg_total_relation_size('blocks')::float8 AS "storedBytes",
      (SELECT reltuples::float8 FROM pg_class WHERE oid = 'blocks'::regclass) AS "blockRows",
      (SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::float8 FROM pg_partition_tree('api_requests') t
        JOIN pg_class c ON c.oid = t.relid WHERE t.isleaf) AS "requestRows"`)
  const { requests = 0, storedBytes = 0, blockRows = 0, requestRows = 0 } = sizes ?? {}
  const isEstimated = blockRows > mostCounted || requestRows > mostCounted
  return {
    requests,
    storedBytes,
    isEstimated,
    blocks: blockRows > mostCounted ? blockRows : await countBlocks(),
    logicalBytes: await sumLogicalBytes(requestRows > mostCounted),
  }
}

async function countBlocks(): Promise<number> {
  const [counted] = await queryRows<{ blocks: number }>('SELECT count(*)::float8 AS blocks FROM blocks')
  return counted?.blocks ?? 0
}

async function sumLogicalBytes(isSampled: boolean): Promise<number> {
  const sample = isSampled ? `TABLESAMPLE SYSTEM (${samplePercent})` : ''
  const [summed] = await queryRows<{ bytes: number }>(
    `SELECT coalesce(sum(request_bytes + response_bytes), 0)::float8 * $1::float8 AS bytes FROM api_requests ${sample}
     WHERE request_id >= (SELECT request_id FROM request_bodies ORDER BY request_id LIMIT 1)`,
    [isSampled ? 100 / samplePercent : 1],
  )
  return summed?.bytes ?? 0
}
