import { Client } from 'pg'

/**
 * Makes many recorded conversations out of a few: recording a hundred thousand by calls takes longer than
 * anybody waits for a bench. Rows, links, keys, words and blocks are as many and as large as if they had been called;
 * every copy has ids, keys and hashes of its own. Only the content of copies cannot be read: it is sealed for the
 * original.
 */
export async function multiplyHistory(databaseUrl: string, copies: number): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    for (const name of tables) await copyRows(client, name, copies)
    // What autovacuum does in time; a planner that believes in empty tables would be measured otherwise.
    for (const name of tables) await client.query(`VACUUM ANALYZE ${name}`)
    await client.query('CHECKPOINT')
  } finally {
    await client.end()
  }
}

const tables = ['conversations', 'api_requests', 'request_bodies', 'request_links', 'link_keys', 'blocks'] as const

/** An id keeps its time, so that it stays in its week and in its order. */
const otherId = (column: string) =>
  `(substr(${column}::text, 1, 24) || substr(md5(${column}::text || copy), 1, 12))::uuid`
const otherHash = (column: string) => `substr(sha256(${column} || int4send(copy)), 1, octet_length(${column}))`

/** What says who a row is, or who it belongs to. */
const own: Readonly<Record<string, (column: string) => string>> = {
  request_id: otherId,
  conversation_id: otherId,
  latest_request_id: otherId,
  parent_request_id: otherId,
  base_request_id: otherId,
  parent_node_id: otherId,
  attempt_of: otherId,
  parent_task_request_id: otherId,
  hash: otherHash,
  transcript_hash: otherHash,
  key: (column) => `hashint8extended(${column}, copy)`,
}

async function copyRows(client: Client, table: string, copies: number): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
    [table],
  )
  const names = rows.map(({ name }) => `"${name}"`)
  const values = rows.map(({ name }) => own[name]?.(`"${name}"`) ?? `"${name}"`)
  await client.query(
    `WITH originals AS MATERIALIZED (SELECT * FROM ${table})
     INSERT INTO ${table} (${names}) SELECT ${values} FROM originals, generate_series(1, $1::int) AS copy`,
    [copies],
  )
}
