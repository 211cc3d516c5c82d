import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startFakeClaude, type FakeClaude } from '@/lib/testing/fake-claude'
import { waitUntil } from '@/lib/testing/wait-until'
import { isPromised, readDocBlocks, type DocBlock } from './doc-blocks'
import { makeInstallation, type Installation } from './installation'

const page = 'docs/troubleshooting.md'
const dashboardKey = 'troubleshooting-dashboard-key'
const clientKey = 'cnp_live_troubleshooting-0123456789'
const file = {
  type: 'api_key',
  accountId: 'acc_team_a',
  api_key: 'expired-key-of-claude',
  client_api_key: clientKey,
}

const [names, ...blocks] = readDocBlocks(readFileSync(page, 'utf8'))
const resting = new Set(['cooling', 'failing'])
const soonMs = 30_000

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
    credentials: { 'team-a.example.com.credentials.json': file },
    shell: (url) => ({
      NEXUS_URL: url,
      CLAUDE_URL: fake.url,
      CLIENT_KEY: clientKey,
      NEW_KEY: 'sk-ant-api03-the-new-key',
    }),
  })
})
afterAll(async () => {
  await installation.remove()
  await fake.close()
})

/** Nothing waits to be recorded, and the account does not rest from the command before. */
async function settle(): Promise<void> {
  const get = async <T>(path: string): Promise<T> => {
    const answer = await fetch(installation.app.url + path, { headers: { 'x-dashboard-key': dashboardKey } })
    return (await answer.json()) as T
  }
  const isSettled = async () => {
    const { recorder } = await get<{ recorder: { pending: number } }>('/health')
    const { accounts } = await get<{ accounts: { status: string }[] }>('/api/accounts')
    return recorder.pending === 0 && accounts.every(({ status }) => !resting.has(status))
  }
  await waitUntil(isSettled, { timeoutMs: soonMs, what: 'the server to be at rest' })
}

async function obey(note: string): Promise<void> {
  const [what = '', value = ''] = note.split(/: (.*)/)
  if (what === 'restart') await installation.restart()
  else if (what === 'upstream') fake.next(value)
  else if (what !== 'soon') throw new Error(`The page has a note that nobody understands: ${note}`)
}

async function runBlock({ script }: DocBlock) {
  const { code, output } = await installation.run(`${names?.script}\n${script}`)
  return { code, output }
}

/** A promise that takes a moment to come true is asked for again. */
async function keeps(block: DocBlock): Promise<void> {
  const { promise, notes } = block
  let last = await runBlock(block)
  const isKept = () => (promise === null ? last.code === 0 : isPromised(promise, last.output))
  if (notes.includes('soon')) {
    const ask = async () => isKept() || ((last = await runBlock(block)), isKept())
    await waitUntil(ask, { timeoutMs: soonMs, what: 'the promise' }).catch(() => undefined)
  }
  if (promise === null) expect(last).toMatchObject({ code: 0 })
  else if (!isKept()) expect(last.output).toBe(promise)
}

describe(`the commands of ${page}`, () => {
  it.each(blocks.map((block) => [`${block.section}, line ${block.line}`, block] as const))(
    'print what is promised: %s',
    async (_title, block) => {
      await settle()
      for (const note of block.notes) await obey(note)
      await keeps(block)
    },
  )

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
