import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const program = path.resolve('scripts/check-config.ts')
const tsx = path.resolve('node_modules/tsx/dist/loader.mjs')

test('npm run check-config says that .env cannot be read, and shows the settings that hold without it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'nexus-check-config-'))
  await mkdir(path.join(folder, '.env'))
  const { PATH, HOME } = process.env
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', tsx, program], {
    cwd: folder,
    env: { PATH, HOME, NODE_ENV: 'test', TSX_TSCONFIG_PATH: path.resolve('tsconfig.json') },
  })
  expect(stdout).toMatch(/^PORT +3000$/m)
  expect(stdout).toContain('! .env is there and cannot be read (EISDIR)')
  await rm(folder, { recursive: true })
})
