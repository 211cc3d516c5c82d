import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { FakeClaude } from '@/lib/testing/fake-claude'
import { waitUntil } from '@/lib/testing/wait-until'
import { isPromised, readDocBlocks, type DocBlock } from './doc-blocks'
import type { Installation } from './installation'

export const dashboardKey = 'documentation-dashboard-key'
export const clientKey = 'cnp_live_documentation-0123456789'

/** Where a page is played. A function, because tests are named before there is one. */
type Stage = () => { readonly installation: Installation; readonly fake: FakeClaude }

interface PlayedPage {
  /** Runs before each block: the names that the page sets. */
  readonly names: string
  readonly blocks: readonly DocBlock[]
  readonly stage: Stage
}

const resting = new Set(['cooling', 'failing'])
const soonMs = 30_000

/** A test for each block of a page, in its order, each on what the one before left. */
export function playPage({ names, blocks, stage }: PlayedPage): void {
  it.each(blocks.map((block) => [`${block.section}, line ${block.line}`, block] as const))(
    'print what is promised: %s',
    async (_title, block) => {
      await settle(stage().installation)
      for (const note of block.notes) await obey(note, stage())
      await keep(block, () => stage().installation.run(`${names}\n${block.script}`))
    },
  )
}

export const readPage = (page: string): DocBlock[] => readDocBlocks(readFileSync(page, 'utf8'))

/** Nothing waits to be recorded, and no account rests from the command before. */
async function settle({ app, isRunning }: Installation): Promise<void> {
  if (!isRunning) return
  const get = async <T>(path: string): Promise<T> => {
    const answer = await fetch(app.url + path, { headers: { 'x-dashboard-key': dashboardKey } })
    return (await answer.json()) as T
  }
  const isSettled = async () => {
    const { recorder } = await get<{ recorder: { pending: number } }>('/health')
    const { accounts } = await get<{ accounts: { status: string }[] }>('/api/accounts')
    return recorder.pending === 0 && accounts.every(({ status }) => !resting.has(status))
  }
  await waitUntil(isSettled, { timeoutMs: soonMs, what: 'the server to be at rest' })
}

const hello = { model: 'claude-opus-5-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }] }

async function call(url: string): Promise<void> {
  const headers = { 'x-api-key': clientKey, 'content-type': 'application/json' }
  const answer = await fetch(`${url}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(hello) })
  await answer.text()
}

/** What a reader does between two commands, and what happens around them. */
async function obey(note: string, { installation, fake }: ReturnType<Stage>): Promise<void> {
  const [what = '', value = ''] = note.split(/: (.*)/)
  const acts: Record<string, () => unknown> = {
    soon: () => undefined,
    upstream: () => fake.next(value),
    restart: () => installation.restart(),
    stop: () => installation.stop(),
    start: () => installation.start(),
    call: async () => {
      await call(installation.app.url)
      await settle(installation)
    },
  }
  const act = acts[what]
  if (!act) throw new Error(`The page has a note that nobody understands: ${note}`)
  await act()
}

/** A promise that takes a moment to come true is asked for again. */
async function keep({ promise, notes }: DocBlock, run: () => Promise<{ code: number; output: string }>): Promise<void> {
  let last = await run()
  const isKept = () => last.code === 0 && (promise === null || isPromised(promise, last.output))
  const askAgain = async () => {
    if (!isKept()) last = await run()
    return isKept()
  }
  if (notes.includes('soon') && !isKept()) {
    await waitUntil(askAgain, { timeoutMs: soonMs, what: 'the promise' }).catch(() => undefined)
  }
  if (isKept()) return
  expect(last).toEqual({ code: 0, output: promise ?? last.output })
}
