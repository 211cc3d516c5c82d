import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { prisma } from '@/lib/prisma'
import { createTestDatabase, type TestDatabase } from '@/lib/testing/test-database'
import { readCredentialFile } from './credential-file'
import { importCredentialFiles } from './credential-files'
import * as credentialImport from './credential-import'

/** Two processes that import one directory. */

let database: TestDatabase
let directory: string
beforeAll(async () => void (database = await createTestDatabase()))
afterAll(() => database.drop())
beforeEach(async () => void (directory = await mkdtemp(path.join(tmpdir(), 'nexus-credentials-'))))
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(directory, { recursive: true })
})

const nameOf = (team: string) => `${team}.example.com.credentials.json`
const textOf = (team: string) =>
  JSON.stringify({ type: 'api_key', api_key: `sk-ant-api03-${team}`, client_api_key: `cnp_live_${team}0123456789` })
const write = (team: string) => writeFile(path.join(directory, nameOf(team)), textOf(team))
const revokedKeys = () => prisma().clientKey.count({ where: { revokedAt: { not: null } } })

test('a key that another process imported since this one looked is not revoked', async () => {
  const { dropRemovedFiles } = credentialImport
  vi.spyOn(credentialImport, 'dropRemovedFiles').mockImplementationOnce(async (...given) => {
    await write('team-b')
    const file = readCredentialFile(nameOf('team-b'), textOf('team-b'), false)
    await credentialImport.importCredentialFile(file, { files: [file], badDomains: [] })
    return dropRemovedFiles(...given)
  })
  await write('team-a')
  await importCredentialFiles(directory)
  expect(await revokedKeys()).toBe(0)
})

test('what left the directory meanwhile is revoked at the next look', async () => {
  await Promise.all([write('team-a'), write('team-b')])
  await importCredentialFiles(directory)
  const { dropRemovedFiles } = credentialImport
  vi.spyOn(credentialImport, 'dropRemovedFiles').mockImplementationOnce(async (...given) => {
    await write('team-c')
    return dropRemovedFiles(...given)
  })
  await rm(path.join(directory, nameOf('team-a')))
  await importCredentialFiles(directory)
  expect(await revokedKeys()).toBe(0)
  await importCredentialFiles(directory)
  expect(await revokedKeys()).toBe(1)
})
