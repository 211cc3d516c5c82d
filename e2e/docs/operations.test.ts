import { afterAll, beforeAll, describe } from 'vitest'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { makeInstallation, type Installation } from './installation'
import { clientKey, dashboardKey, playPage, readPage } from './play-page'

const page = 'docs/operations.md'

let fake: FakeClaude
let installation: Installation

beforeAll(async () => {
  fake = await startFakeClaude()
  installation = await makeInstallation({
    settings: { CLAUDE_API_BASE_URL: fake.url, DASHBOARD_API_KEY: dashboardKey },
    account: { api_key: 'sk-ant-api03-operations', client_api_key: clientKey },
    shell: {
      CLIENT_KEY: clientKey,
      HELLO: '{"model":"claude-opus-5-5","max_tokens":10,"messages":[{"role":"user","content":"Hi"}]}',
    },
  })
})
afterAll(async () => {
  await installation.remove()
  await fake.close()
})

describe(`the commands of ${page}`, () => {
  playPage({ names: '', blocks: readPage(page), stage: () => ({ installation, fake }) })
})
