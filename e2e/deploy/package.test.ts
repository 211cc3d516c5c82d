import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, startCluster, type Cluster } from './cluster'

const folder = mkdtempSync(path.join(tmpdir(), 'nexus-package-'))
let cluster: Cluster

beforeAll(async () => {
  execFileSync(process.execPath, ['scripts/package.mjs', folder], { stdio: 'pipe' })
  cluster = await startCluster()
}, 600_000)
afterAll(async () => {
  await cluster?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('what is deployed is less than 250 MB of files', () => {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const bytes = files.reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0)
  expect(bytes).toBeLessThan(250_000_000)
})

test('what is deployed needs nothing else: the API answers, pages and their files are served', async () => {
  const app = await cluster.start('packaged', { cwd: folder })
  expect((await call(app.url, 'text').read()).status).toBe(200)
  const page = await fetch(`${app.url}/setup`)
  expect(page.status).toBe(200)
  const files = [...(await page.text()).matchAll(/(?:src|href)="(\/_next\/static\/[^"]+)"/g)].map(([, file]) => file)
  expect(files.length).toBeGreaterThan(2)
  for (const file of files) expect((await fetch(app.url + file)).status).toBe(200)
})
