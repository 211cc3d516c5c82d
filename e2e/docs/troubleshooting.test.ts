import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { isPromised } from './doc-blocks'
import { makeInstallation, type Installation } from './installation'
import { clientKey, dashboardKey, playPage, readPage } from './play-page'

const page = 'docs/troubleshooting.md'
const [names, ...blocks] = readPage(page)

let fake: FakeClaude
let installation: Installation

beforeAll(async () => {
  fake = await startFakeClaude()
  installation = await makeInstallation({
    settings: {
      CLAUDE_API_BASE_URL: fake.url,
      // Short, so that the page's timeout comes within a second or two.
      CLAUDE_API_TIMEOUT: '1500',
      DASHBOARD_API_KEY: dashboardKey,
    },
    account: { api_key: 'expired-key-of-claude', client_api_key: clientKey },
    shell: { CLAUDE_URL: fake.url, CLIENT_KEY: clientKey, NEW_KEY: 'sk-ant-api03-the-new-key' },
  })
})
afterAll(async () => {
  await installation.remove()
  await fake.close()
})

describe(`the commands of ${page}`, () => {
  playPage({ names: names?.script ?? '', blocks, stage: () => ({ installation, fake }) })

  it('are many enough to be the whole page', () => {
    expect(blocks.length).toBeGreaterThan(25)
  })
})

describe('the comparison with a promise', () => {
  it('takes … for anything and everything else for itself', () => {
    expect(isPromised('{"a":…}', '{"a":[1]}\n')).toBe(true)
    expect(isPromised('{"a":…}', '{"b":[1]}')).toBe(false)
    expect(isPromised('200', '2000')).toBe(false)
  })
})
