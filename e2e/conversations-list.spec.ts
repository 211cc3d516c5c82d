import { randomUUID } from 'node:crypto'
import { expect, test, type APIRequestContext, type Locator, type Page } from '@playwright/test'
import { Client } from 'pg'
import { say, type Message } from './coding-client'
import { domain, databaseUrl } from './stage'

const mostRows = 400

let database: Client

test.beforeAll(async () => {
  database = new Client({ connectionString: databaseUrl() })
  await database.connect()
})

test.afterAll(() => database.end())

/** Conversations of a model of their own, a minute apart, the newest an hour ago; answers their ids in this order. */
async function insertConversations(model: string, count: number): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    `INSERT INTO conversations (conversation_id, domain_id, domain, first_request_at, last_request_at, request_count,
       cost_micro_usd, models)
     SELECT gen_random_uuid(), d.id, d.name, now() - interval '1 hour' - place * interval '1 minute',
       now() - interval '1 hour' - place * interval '1 minute', place, place * 1000, ARRAY[$2]
     FROM domains d, generate_series(1, $3) AS place WHERE d.name = $1
     RETURNING conversation_id AS id`,
    [domain, model, count],
  )
  return rows.map(({ id }) => id)
}

const tableOf = (page: Page): Locator => page.getByRole('table', { name: 'Conversations' })
const rowsOf = (page: Page): Locator => tableOf(page).locator('[data-row-id]')
const rowOf = (page: Page, id: string | undefined): Locator => page.locator(`[data-row-id="${id}"]`)

/** The queries of all readings of the list from now on. */
function watchReads(page: Page): URLSearchParams[] {
  const reads: URLSearchParams[] = []
  page.on('request', (sent) => {
    const { pathname, searchParams } = new URL(sent.url())
    if (pathname === '/api/conversations') reads.push(searchParams)
  })
  return reads
}

test('a list of any length is read by scrolling, each page once, and is never in the page as a whole', async ({
  page,
}) => {
  const model = `long-${randomUUID()}`
  const ids = await insertConversations(model, 470)
  const reads = watchReads(page)
  // A range that has an end is not live.
  await page.goto(`/conversations?model=${model}&to=${new Date(Date.now() + 60_000).toISOString()}`)
  await expect(tableOf(page)).toHaveAttribute('aria-rowcount', '-1')
  await expect(async () => {
    await page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight }))
    expect(await tableOf(page).getByRole('row').count()).toBeLessThanOrEqual(mostRows)
    await expect(rowOf(page, ids.at(-1))).toBeInViewport({ timeout: 200 })
  }).toPass()
  await expect(page.getByText('470 conversations · that is all')).toBeVisible()
  await expect(tableOf(page)).toHaveAttribute('aria-rowcount', '471')
  const cursors = reads.map((read) => read.get('cursor'))
  expect(cursors).not.toContain(null)
  expect(new Set(cursors).size).toBe(cursors.length)
})

test('the way back from a conversation leads to the same place of the list', async ({ page }) => {
  const model = `back-${randomUUID()}`
  const ids = await insertConversations(model, 120)
  await page.goto(`/conversations?model=${model}`)
  await expect(async () => {
    await page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight }))
    await expect(rowOf(page, ids.at(-1))).toBeInViewport({ timeout: 200 })
  }).toPass()
  await rowOf(page, ids.at(-1)).click()
  await expect(page).toHaveURL(new RegExp(`/conversations/${ids.at(-1)}$`))
  await page.goBack()
  await expect(rowOf(page, ids.at(-1))).toBeInViewport()
})

test('the list is not read again because its event stream opens', async ({ page }) => {
  const model = `open-${randomUUID()}`
  const ids = await insertConversations(model, 3)
  // A stream of this page alone, in which nothing happens.
  await page.route('**/api/events', (route) =>
    route.fulfill({ contentType: 'text/event-stream', body: 'event: heartbeat\ndata: {}\n\n' }),
  )
  const reads = watchReads(page)
  const looked = page.waitForResponse((response) => response.url().includes(`model=${model}&limit=1`))
  await page.goto(`/conversations?model=${model}`)
  await looked
  await expect(rowOf(page, ids[0])).toBeVisible()
  expect(reads.filter((read) => read.get('limit') !== '1')).toEqual([])
})

/** A conversation of two that go on in turn. */
function talk(request: APIRequestContext, model: string) {
  const sessionId = randomUUID()
  const messages: Message[] = []
  return async (text: string) => {
    messages.push({ role: 'user', content: text })
    messages.push({ role: 'assistant', content: await say(request, { sessionId, model, messages }) })
  }
}

test('a conversation that goes on moves to the top, and waits while one reads further down', async ({
  page,
  request,
}) => {
  const model = `live-${randomUUID()}`
  await insertConversations(model, 60)
  const [sayFirst, saySecond] = [talk(request, model), talk(request, model)]
  await sayFirst(`First ${model}`)
  await page.goto(`/conversations?model=${model}`)
  await expect(rowsOf(page).first()).toHaveText(`First ${model}`)
  await saySecond(`Second ${model}`)
  await expect(rowsOf(page).first()).toHaveText(`Second ${model}`)
  await sayFirst('Go on')
  await expect(rowsOf(page).first()).toHaveText(`First ${model}`)
  await expect(tableOf(page).getByRole('row').nth(1)).toContainText('2 turns')

  await page.evaluate(async () => {
    scrollTo({ top: 800 })
    // The page hears of it before the frame after the next one.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  })
  await saySecond('Go on')
  await page.getByRole('button', { name: '1 new' }).click()
  await expect(rowsOf(page).first()).toHaveText(`Second ${model}`)
  await expect(rowsOf(page).first()).toBeInViewport()
})

test('in an order by size a conversation takes its place among the others', async ({ page, request }) => {
  const model = `size-${randomUUID()}`
  const [largest] = (await insertConversations(model, 3)).reverse()
  await page.goto(`/conversations?model=${model}&sort=longest`)
  await expect(rowsOf(page).first()).toHaveAttribute('data-row-id', largest ?? '')
  await talk(request, model)(`Small ${model}`)
  await expect(rowsOf(page)).toHaveCount(4)
  await expect(rowsOf(page).first()).toHaveAttribute('data-row-id', largest ?? '')
  await expect(rowsOf(page).filter({ hasText: `Small ${model}` })).toBeVisible()
})

test('the keyboard goes along the list and opens a conversation', async ({ page }) => {
  const model = `keys-${randomUUID()}`
  const ids = await insertConversations(model, 3)
  await page.goto(`/conversations?model=${model}`)
  // From nowhere, and from the first row, this key leads to the first row.
  await expect(async () => {
    await page.keyboard.press('k')
    await expect(rowOf(page, ids[0])).toBeFocused({ timeout: 500 })
  }).toPass()
  await page.keyboard.press('j')
  await expect(rowOf(page, ids[1])).toBeFocused()
  await page.keyboard.press('k')
  await expect(rowOf(page, ids[0])).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/conversations/${ids[0]}$`))
})
