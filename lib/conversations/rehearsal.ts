import type { PoolClient } from 'pg'

/**
 * Begins a transaction in which a copy of the links of a domain stands in the place of the real ones: what is written
 * goes there, and to nothing else. The record stays what it was when the transaction began, and nobody waits for it.
 */
export async function beginRehearsal(client: PoolClient, domainId: string): Promise<void> {
  await client.query(`SET temp_buffers = '64MB'`)
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
  await client.query(`
    CREATE TEMP TABLE links_copy (LIKE request_links INCLUDING INDEXES) ON COMMIT DROP;
    CREATE TEMP TABLE keys_copy (LIKE link_keys INCLUDING INDEXES) ON COMMIT DROP;
    CREATE TEMP TABLE no_bodies (LIKE request_bodies) ON COMMIT DROP`)
  await client.query('INSERT INTO links_copy SELECT * FROM request_links WHERE domain_id = $1', [domainId])
  await client.query('INSERT INTO keys_copy SELECT k.* FROM link_keys k JOIN links_copy l USING (request_id)')
  // Unqualified names find the tables of the session first.
  await client.query(`
    ANALYZE links_copy;
    ANALYZE keys_copy;
    ALTER TABLE links_copy RENAME TO request_links;
    ALTER TABLE keys_copy RENAME TO link_keys;
    ALTER TABLE no_bodies RENAME TO request_bodies;
    SET TRANSACTION READ ONLY`)
}
