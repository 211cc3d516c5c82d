import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Browser, type Page } from '@playwright/test'
import { startFakeClaude } from '@/lib/testing/fake-claude'
import { longConversation } from '@/lib/testing/long-conversation'
import { startApp, type RunningApp } from '@/lib/testing/start-app'
import { waitUntil } from '@/lib/testing/wait-until'
import { ensureChromium } from './chromium.mjs'

/**
 * How fast a conversation of 5,000 blocks opens in a browser, and how much of it is in the page while one scrolls.
 * Runs what `npm run build` made, with a database of its own and the fake Claude API.
 *
 *   npm run bench:conversation
 */
const blocks = 5_000
const opens = 5
const clientKey = 'cnp_live_bench-conversation-0123456789'
const setupToken = 'bench-setup-token-0123456789'

interface Scrolled {
  readonly mostRows: number
  readonly mostElements: number
  readonly framesPerSecond: number
  readonly worstFrameMs: number
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nexus-bench-view-'))
  const credentials = {
    type: 'api_key',
    accountId: 'acc_bench',
    api_key: 'sk-ant-api03-bench',
    client_api_key: clientKey,
  }
  mkdirSync(path.join(folder, 'credentials'))
  writeFileSync(path.join(folder, 'credentials', 'bench.example.com.credentials.json'), JSON.stringify(credentials))
  const fake = await startFakeClaude()
  const env = { CLAUDE_API_BASE_URL: fake.url, SETUP_TOKEN: setupToken, LOG_LEVEL: 'error' }
  const app = await startApp({ door: 'fast', dataDir: folder, env })
  const executablePath = await ensureChromium()
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  try {
    await measure(app, browser)
  } finally {
    await browser.close()
    await app.stop()
    await fake.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(app: RunningApp, browser: Browser): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  await logIn(page, app)
  const bytes = await sendConversation(app)
  const address = await waitUntil(() => findConversation(page, app), {
    what: 'the conversation to be recorded',
    timeoutMs: 60_000,
  })
  const times: number[] = []
  for (let count = 0; count < opens; count += 1) times.push(await open(page, address))
  const scrolled = await scrollThrough(page)
  print({ bytes, times, scrolled })
}

async function logIn(page: Page, app: RunningApp): Promise<void> {
  await page.goto(`${app.url}/setup?token=${setupToken}`)
  await page.getByLabel('Your name').fill('Bench')
  await page.getByLabel('E-mail address').fill('bench@example.com')
  await page.getByLabel('Password', { exact: true }).fill('copper lantern meadow seven')
  await page.getByRole('button', { name: 'Make the owner and log in' }).click()
  await page.waitForURL('**/overview')
}

async function sendConversation(app: RunningApp): Promise<number> {
  const body = JSON.stringify({ model: 'claude-opus-5-5', max_tokens: 100, messages: longConversation(blocks) })
  const response = await fetch(`${app.url}/v1/messages`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${clientKey}`,
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
    },
    body,
  })
  if (!response.ok) throw new Error(`The proxy answered ${response.status}: ${await response.text()}`)
  await response.arrayBuffer()
  return Buffer.byteLength(body)
}

async function findConversation(page: Page, app: RunningApp): Promise<string | null> {
  const response = await page.request.get(`${app.url}/api/conversations`)
  const { conversations } = (await response.json()) as { conversations: { conversationId: string }[] }
  return conversations[0] ? `${app.url}/conversations/${conversations[0].conversationId}` : null
}

/** From the address to the newest block on the screen. */
async function open(page: Page, address: string): Promise<number> {
  const startedAtMs = performance.now()
  await page.goto(address, { waitUntil: 'commit' })
  await page.locator('[data-index]').getByText('Answer', { exact: true }).waitFor()
  return performance.now() - startedAtMs
}

/** Up the whole thread, one screen a frame. */
function scrollThrough(page: Page): Promise<Scrolled> {
  return page.getByLabel('Transcript').evaluate(async (box) => {
    const frames: number[] = []
    let [mostRows, mostElements] = [0, 0]
    let before = performance.now()
    for (let count = 0; count < 300 && box.scrollTop > 0; count += 1) {
      box.scrollTop -= box.clientHeight / 2
      await new Promise(requestAnimationFrame)
      const now = performance.now()
      frames.push(now - before)
      before = now
      mostRows = Math.max(mostRows, box.querySelectorAll('[data-index]').length)
      mostElements = Math.max(mostElements, document.querySelectorAll('*').length)
    }
    const total = frames.reduce((sum, frame) => sum + frame, 0)
    return {
      mostRows,
      mostElements,
      framesPerSecond: (frames.length / total) * 1_000,
      worstFrameMs: Math.max(...frames),
    }
  })
}

function print({ bytes, times, scrolled }: { bytes: number; times: readonly number[]; scrolled: Scrolled }): void {
  const sorted = times.toSorted((a, b) => a - b)
  console.table({
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    'blocks, bytes of the request': `${blocks}, ${bytes}`,
    'opens in ms (median of all)': `${Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)} (${times.map(Math.round).join(', ')})`,
    'rows in the page, at most': scrolled.mostRows,
    'elements in the page, at most': scrolled.mostElements,
    'frames a second while scrolling': Math.round(scrolled.framesPerSecond),
    'slowest frame in ms': Math.round(scrolled.worstFrameMs),
  })
}

await main()
