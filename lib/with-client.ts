import type { Pool, PoolClient } from 'pg'

/** Does work on one connection. After a failure the connection is closed: nobody knows what state it is in. */
export async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  // A connection that breaks between two queries says so by an event; without a listener it would end the process.
  const ignore = () => undefined
  client.on('error', ignore)
  let failure: Error | undefined
  try {
    return await work(client)
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    client.release(failure)
    // A closed connection may still have something to say.
    if (!failure) client.off('error', ignore)
  }
}

/** Does work in one transaction, on a connection of its own. */
export async function withTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  return withClient(pool, async (client) => {
    await client.query('BEGIN')
    const result = await work(client)
    await client.query('COMMIT')
    return result
  })
}
