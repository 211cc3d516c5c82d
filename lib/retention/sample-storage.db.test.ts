import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeDomain, recordCall } from '@/lib/testing/retention-fixtures'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { queryStorage } from './query-storage'
import { sampleStorage } from './sample-storage'

let database: TestDatabase
let dataDir: string

beforeAll(async () => {
  database = await createTestDatabase()
  dataDir = await mkdtemp(path.join(tmpdir(), 'nexus-sample-'))
})
afterAll(async () => {
  await database.drop()
  await rm(dataDir, { recursive: true })
})

test('what every domain holds is measured once a day, and again with each measurement of the day', async () => {
  const domainId = await makeDomain('measured.example.com')
  const content = 'the same again '.repeat(400)
  const atMs = Date.now()
  for (let call = 0; call < 3; call += 1) await recordCall(dataDir, { domainId, atMs, content })
  await sampleStorage()
  await recordCall(dataDir, { domainId, atMs, content })
  await sampleStorage()
  const { days, domains, weeks, databaseBytes } = await queryStorage()
  expect(days).toEqual([expect.objectContaining({ databaseBytes: expect.any(Number) as number })])
  expect(domains).toHaveLength(1)
  const [domain] = domains
  expect(domain).toMatchObject({ domainId, domain: 'measured.example.com', requests: 4 })
  expect(domain?.logicalBytes).toBeGreaterThan(4 * content.length)
  // The content is stored once.
  expect(domain?.storedBytes).toBeLessThan(2 * content.length)
  // No statistics of the database are needed for a week that is small.
  expect(weeks.reduce((total, { requests }) => total + (requests ?? 0), 0)).toBe(4)
  expect(databaseBytes).toBeGreaterThan(0)
})
