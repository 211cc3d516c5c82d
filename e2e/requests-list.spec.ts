import { randomUUID } from 'node:crypto'
import { expect, test, type Locator, type Page } from '@playwright/test'
import { Client } from 'pg'
import { newId } from '@/lib/ids'
import { makeDomain } from './own-domain'
import { conversationOf, record } from './recorded-call'
import { seriousFaults } from './serious-faults'
import { baseUrl, clientKey, databaseUrl } from './stage'

const mostRows = 400

let database: Client

test.beforeAll(async ({ playwright }) => {
  database = new Client({ connectionString: databaseUrl() })
  await database.connect()
  // The first recorded call of a week makes the partition for all the others.
  const request = await playwright.request.newContext()
  await request.post(`${baseUrl()}/v1/messages`, {
    headers: { authorization: `Bearer ${clientKey}`, 'anthropic-version': '2023-06-01' },
    data: { model: 'claude-opus-5-5', max_tokens: 10, messages: [{ role: 'user', content: 'First' }] },
  })
  await request.dispose()
  const newest = "SELECT 1 FROM api_requests WHERE created_at > now() - interval '5 minutes' LIMIT 1"
  await expect.poll(async () => (await database.query(newest)).rowCount).toBe(1)
})

test.afterAll(() => database.end())

/** Recorded requests of a model of their own; answers their ids, the newest first. */
async function insertRows(model: string, count: number): Promise<string[]> {
  const nowMs = Date.now()
  const ids = Array.from({ length: count }, () => newId(nowMs))
    .sort()
    .reverse()
  await database.query(
    `INSERT INTO api_requests (request_id, created_at, domain_id, domain, method, path, kind, model, is_streaming, status, outcome, cost_confidence)
     SELECT id, now(), gen_random_uuid(), CASE WHEN place % 2 = 0 THEN 'even.example.com' ELSE 'odd.example.com' END, 'POST',
       '/v1/messages', 'chat', $2, true, 200, 'completed', 'unpriced' FROM unnest($1::uuid[]) WITH ORDINALITY AS ids (id, place)`,
    [ids, model],
  )
  return ids
}

const tableOf = (page: Page): Locator => page.getByRole('table', { name: 'Requests' })
const rowOf = (page: Page, requestId: string | undefined): Locator => page.locator(`[data-row-id="${requestId}"]`)
const panelOf = (page: Page): Locator => page.getByRole('dialog', { name: 'Request' })
const peekOf = (page: Page) => () => new URL(page.url()).searchParams.get('peek')

/** Scrolls down until the last row of all is in sight. */
async function scrollToEnd(page: Page, ids: readonly string[]): Promise<void> {
  await expect(async () => {
    await page.evaluate(() => scrollTo({ top: document.documentElement.scrollHeight }))
    expect(await tableOf(page).getByRole('row').count()).toBeLessThanOrEqual(mostRows)
    await expect(rowOf(page, ids.at(-1))).toBeInViewport({ timeout: 200 })
  }).toPass()
  await expect(page.getByText(`${ids.length} requests · that is all`)).toBeVisible()
}

test('a list of any length is read by scrolling, and is never in the page as a whole', async ({ page }) => {
  const model = `long-${randomUUID()}`
  const ids = await insertRows(model, 750)
  await page.goto(`/requests?model=${model}`)
  await expect(tableOf(page)).toHaveAttribute('aria-rowcount', '-1')
  await scrollToEnd(page, ids)
  await expect(tableOf(page)).toHaveAttribute('aria-rowcount', '751')
  expect(await tableOf(page).getByRole('row').count()).toBeLessThanOrEqual(mostRows)
})

test('the list is ordered by cost in its head, or beside it where there is none, and the address keeps that', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 900 })
  const model = `dear-${randomUUID()}`
  const ids = await insertRows(model, 3)
  await database.query('UPDATE api_requests SET cost_micro_usd = 5000000 WHERE request_id = $1', [ids[2]])
  await page.goto(`/requests?model=${model}`)
  await expect(async () => {
    await tableOf(page).getByRole('button', { name: 'Cost' }).click({ timeout: 1_000 })
    await expect(page).toHaveURL(/sort=cost/, { timeout: 1_000 })
  }).toPass()
  const first = tableOf(page).locator('[data-row-id]').first()
  await expect(tableOf(page).getByRole('columnheader', { name: 'Cost' })).toHaveAttribute('aria-sort', 'descending')
  await expect(first).toHaveAttribute('data-row-id', ids[2] ?? '')
  expect(await seriousFaults(page), 'an ordered list').toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  await page.reload()
  await expect(first).toHaveAttribute('data-row-id', ids[2] ?? '')
  await expect(async () => {
    await page.getByLabel('Order').selectOption('')
    await expect(page).not.toHaveURL(/sort=/, { timeout: 1_000 })
  }).toPass()
  await expect(first).toHaveAttribute('data-row-id', ids[0] ?? '')
})

test('the panel goes along with the list, and the way back leads to the same place', async ({ page }) => {
  const model = `along-${randomUUID()}`
  const ids = await insertRows(model, 350)
  await page.goto(`/requests?model=${model}`)
  await scrollToEnd(page, ids)
  await rowOf(page, ids.at(-2)).click()
  await expect(panelOf(page).getByText(ids.at(-2) ?? '')).toBeVisible()
  await page.keyboard.press('j')
  await expect.poll(peekOf(page)).toBe(ids.at(-1))
  await expect(panelOf(page).getByRole('button', { name: 'Older request' })).toBeDisabled()
  await page.keyboard.press('k')
  await expect.poll(peekOf(page)).toBe(ids.at(-2))
  // The address of a step is the router's a moment later: by hand one reads first, too.
  await expect(panelOf(page).getByText(ids.at(-2) ?? '')).toBeVisible()
  await page.waitForLoadState('networkidle')

  await panelOf(page).getByRole('link', { name: 'Open' }).click()
  await expect(page.getByRole('heading', { name: 'Request', level: 1, exact: true })).toBeVisible()
  await page.goBack()
  await expect(rowOf(page, ids.at(-2))).toBeInViewport()
  await expect(panelOf(page)).toBeVisible()
  await expect(async () => {
    await page.keyboard.press('Escape')
    await expect(panelOf(page)).toHaveCount(0, { timeout: 500 })
  }).toPass()
  await expect(rowOf(page, ids.at(-2))).toBeFocused()
})

test('a request that is opened keeps the time zone of its list, and so does the way back', async ({ page }) => {
  const model = `zone-${randomUUID()}`
  const [newest] = await insertRows(model, 2)
  await page.goto(`/requests?model=${model}&tz=Asia/Kathmandu&peek=${newest}`)
  await panelOf(page).getByRole('link', { name: 'Open' }).click()
  await expect(page.getByRole('heading', { name: 'Request', level: 1, exact: true })).toBeVisible()
  await expect(page.getByText('GMT+5:45')).toBeVisible()
  await page.getByRole('link', { name: 'All requests' }).click()
  await expect(page.getByLabel('Time zone')).toHaveValue('Asia/Kathmandu')
})

for (const { where, width, isThere } of [
  { where: 'beside the list', width: 1440, isThere: true },
  { where: 'over it, as on a phone', width: 390, isThere: false },
]) {
  test(`before the scripts run a panel that stands ${where} is ${isThere ? '' : 'not '}there to be pressed`, async ({
    page,
  }) => {
    const model = `early-${randomUUID()}`
    const [newest] = await insertRows(model, 2)
    await page.setViewportSize({ width, height: 844 })
    await page.route('**/_next/static/**/*.js', (route) => route.abort())
    await page.goto(`/requests?model=${model}&peek=${newest}`)
    await expect(rowOf(page, newest)).toBeVisible()
    await expect(page.getByRole('link', { name: 'Open', exact: true })).toHaveCount(isThere ? 1 : 0)
  })
}

test('a request out of an address is stepped from, though the list has not come to it', async ({ page }) => {
  const model = `address-${randomUUID()}`
  const ids = await insertRows(model, 250)
  await page.goto(`/requests?model=${model}&domain=odd.example.com&peek=${ids[240]}`)
  await panelOf(page).getByRole('button', { name: 'Older request' }).click()
  // The filter leaves out every other one.
  await expect.poll(peekOf(page)).toBe(ids[242])
  await panelOf(page).getByRole('button', { name: 'Newer request' }).click()
  await expect.poll(peekOf(page)).toBe(ids[240])
})

test('one of many values of a filter is found by its name', async ({ page }) => {
  const model = `many-${randomUUID()}`
  await insertRows(model, 1)
  await database.query(
    `INSERT INTO usage_hours
     SELECT date_trunc('hour', now()), 'odd.example.com', '', gen_random_uuid(), $1 || CASE place WHEN 1 THEN '' ELSE '-' || place END,
       'chat', 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0 FROM generate_series(1, 60) AS place`,
    [model],
  )
  await page.goto('/requests')
  const find = page.getByLabel('Find: Model')
  await expect(async () => {
    // A second click would close what the first one opened late.
    if (!(await find.isVisible())) await page.getByRole('button', { name: 'Model', exact: true }).click()
    await expect(find).toBeVisible({ timeout: 5_000 })
  }).toPass()
  await expect(page.getByText(/and \d+ more: find them by name/)).toBeVisible()
  await find.fill(model)
  await page.getByLabel(model, { exact: true }).check()
  await expect(page).toHaveURL(new RegExp(`model=${model}`))
  await expect(page.getByText('1 request · that is all')).toBeVisible()
})

test('a value of the panel narrows the list beside it', async ({ page }) => {
  const model = `panel-${randomUUID()}`
  const [newest] = await insertRows(model, 10)
  await page.goto(`/requests?model=${model}&peek=${newest}`)
  await panelOf(page).getByRole('button', { name: 'odd.example.com' }).click()
  await page.getByRole('menuitem', { name: 'Requests with this' }).click()
  await expect(page.getByText('5 requests · that is all')).toBeVisible()
  await expect(panelOf(page)).toBeVisible()
})

test.describe('with a mouse and a wide window', () => {
  test.use({ viewport: { width: 1440, height: 900 }, isMobile: false, hasTouch: false })

  test('a value in the list narrows it, or is left out, by pointer and by keyboard', async ({ page }) => {
    const model = `values-${randomUUID()}`
    await insertRows(model, 40)
    await page.goto(`/requests?model=${model}`)
    const row = tableOf(page).getByRole('row').nth(2)
    await row.hover()
    await row.getByRole('cell').filter({ hasText: 'even.example.com' }).hover()
    await row.getByRole('link', { name: 'Without Domain even.example.com' }).click()
    const chips = page.getByRole('list', { name: 'Filters' })
    await expect(chips).toContainText('Domain is not even.example.com')
    await expect(page.getByText('20 requests · that is all')).toBeVisible()

    await expect(async () => {
      await page.keyboard.press('j')
      await expect(tableOf(page).locator('[aria-current]')).toBeVisible({ timeout: 500 })
    }).toPass()
    await tableOf(page).locator('[aria-current]').getByRole('link', { name: 'Only Domain odd.example.com' }).focus()
    expect(await seriousFaults(page), 'a chosen row').toEqual([])
    await page.keyboard.press('Enter')
    await expect(chips).toContainText('Domain is odd.example.com')
    await expect(page).toHaveURL(/domain=odd\.example\.com/)
  })

  test('a row says its conversation by the title, and leads to all that was asked in it', async ({ page }) => {
    const requestId = await record(page.request)
    const conversationId = await conversationOf(page, requestId)
    await page.goto('/requests')
    const row = tableOf(page)
      .getByRole('row')
      .filter({ has: rowOf(page, requestId) })
    await row.hover()
    const cell = row.getByRole('cell').filter({ hasText: /^State / })
    await expect(cell).toHaveAttribute('title', new RegExp(conversationId))
    await cell.hover()
    await expect(row.getByRole('link', { name: `Without Conversation ${conversationId}` })).toHaveCount(0)
    await row.getByRole('link', { name: `Only Conversation ${conversationId}` }).click()
    await expect(page).toHaveURL(new RegExp(`conversationId=${conversationId}`))
    await expect(page.getByRole('list', { name: 'Filters' })).toContainText(/Conversation is State /)
    await expect(page.getByText('1 request · that is all')).toBeVisible()
    await rowOf(page, requestId).click()
    await expect(panelOf(page).getByRole('button', { name: /^State / })).toBeVisible()
  })

  test('a request that comes while one looks calls its account by its name', async ({ page }) => {
    await page.setViewportSize({ width: 1900, height: 900 })
    const { domain, key, accountName } = await makeDomain(page.request, 'full')
    await page.goto(`/requests?domain=${domain}`)
    await expect(page.getByText('No request matches')).toBeVisible()
    const requestId = await record(page.request, { key })
    const row = tableOf(page)
      .getByRole('row')
      .filter({ has: rowOf(page, requestId) })
    await expect(row.getByTitle(accountName, { exact: true })).toBeVisible()
  })

  test('the panel is as wide as one made it, also the next time', async ({ page }) => {
    const model = `width-${randomUUID()}`
    const [newest] = await insertRows(model, 3)
    await page.goto(`/requests?model=${model}&peek=${newest}`)
    const handle = page.getByRole('separator', { name: 'Width of Request' })
    const width = async () => Number(await handle.getAttribute('aria-valuenow'))
    const usual = await width()
    await expect(async () => {
      await handle.press('ArrowLeft')
      expect(await width()).toBeGreaterThan(usual)
    }).toPass()
    const byKeys = await width()
    const box = await panelOf(page).boundingBox()
    await handle.hover()
    await page.mouse.down()
    await page.mouse.move((box?.x ?? 0) - 60, 300, { steps: 4 })
    await page.mouse.up()
    // The last of its steps is 48 pixels away.
    await expect.poll(width).toBeGreaterThan(byKeys + 40)
    const chosen = await width()
    await page.reload()
    await expect(handle).toHaveAttribute('aria-valuenow', String(chosen))
    expect(await seriousFaults(page), 'the list with its panel').toEqual([])
  })
})
