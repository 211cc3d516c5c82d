import { ToxicProxy } from '@/e2e/faults/toxic-proxy'
import { connectDatabase, disconnectDatabase } from '../db'
import { createTestDatabase } from './test-database'

const nobodyListens = 1

interface DistantDatabase {
  /** Dies, and comes back after so long. */
  goAway(ms: number): void
  drop(): Promise<void>
}

/** A database for a test file at the end of a line that can be cut. */
export async function createDistantDatabase(): Promise<DistantDatabase> {
  const database = await createTestDatabase()
  const url = new URL(database.url)
  const port = Number(url.port)
  const line = await ToxicProxy.start(port)
  url.port = String(line.port)
  await disconnectDatabase()
  connectDatabase(url.href)
  return {
    goAway(ms) {
      line.target = nobodyListens
      line.reset()
      setTimeout(() => (line.target = port), ms)
    },
    async drop() {
      line.target = port
      await database.drop()
      await line.close()
    },
  }
}
