import type { Pool } from 'pg'

/** What one table, or all its partitions, weighs on disk, apart. */
export interface RelationSize {
  readonly table: string
  /** `rows`, `toast`, or the name of an index of the table. */
  readonly part: string
  readonly bytes: number
}

/** An index of a partition counts for the index that it belongs to; what else a table has on disk counts for its rows. */
const sizesSql = `
WITH member AS (
  SELECT name AS "table", relid::oid AS oid FROM unnest($1::text[]) AS name, pg_partition_tree(name::regclass)
  UNION
  SELECT name, name::regclass::oid FROM unnest($1::text[]) AS name
), part AS (
  SELECT "table", 'toast' AS part, pg_total_relation_size(nullif(c.reltoastrelid, 0)) AS bytes
  FROM member JOIN pg_class c USING (oid)
  UNION ALL
  SELECT "table", coalesce(i.inhparent, x.indexrelid)::regclass::text, pg_relation_size(x.indexrelid)
  FROM member JOIN pg_index x ON x.indrelid = oid LEFT JOIN pg_inherits i ON i.inhrelid = x.indexrelid
  UNION ALL
  SELECT "table", 'rows', pg_table_size(oid) - coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0)
  FROM member JOIN pg_class c USING (oid)
)
SELECT "table", part, sum(bytes)::float8 AS bytes FROM part
GROUP BY "table", part HAVING sum(bytes) > 0 ORDER BY array_position($1::text[], "table"), bytes DESC`

/** Everything these tables occupy: half-filled pages and empty partitions counted. */
export async function readSizes(pool: Pool, tables: readonly string[]): Promise<RelationSize[]> {
  const { rows } = await pool.query<RelationSize>(sizesSql, [tables])
  return rows
}

export function totalOf(sizes: readonly RelationSize[], tables?: readonly string[]): number {
  return sizes.filter(({ table }) => tables?.includes(table) ?? true).reduce((total, { bytes }) => total + bytes, 0)
}
