import { randomUUID } from 'node:crypto'
import { expect, test, type Locator, type Page } from '@playwright/test'
import { findRow } from './find-row'
import { make, makeDomain } from './own-domain'
import { conversationOf, record } from './recorded-call'
import { accountKey } from './stage'

/** What is done with the keyboard alone. */

/** Presses Enter on what has the focus until the window is there: the scripts of the page may still be on their way. */
async function openWith(page: Page, trigger: Locator, opened: Locator): Promise<void> {
  await expect(async () => {
    if (await opened.isVisible()) return
    await trigger.focus()
    await page.keyboard.press('Enter')
    await expect(opened).toBeVisible({ timeout: 5_000 })
  }).toPass()
}

async function expectReturn(page: Page, trigger: Locator, opened: Locator): Promise<void> {
  await page.keyboard.press('Escape')
  await expect(opened).toHaveCount(0)
  await expect(trigger).toBeFocused()
}

for (const [path, name, title] of [
  ['/accounts', 'Add an account', 'Add an account'],
  ['/usage', 'Prices', 'Prices'],
  ['/domains', 'New domain', 'New domain'],
] as const) {
  test(`closing ${title} gives the focus back to the button that opened it`, async ({ page }) => {
    await page.goto(path)
    const trigger = page.getByRole('button', { name, exact: true }).first()
    const opened = page.getByRole('dialog')
    await openWith(page, trigger, opened)
    await expectReturn(page, trigger, opened)
  })
}

test('a window that was opened from a menu gives the focus back to what opened the menu', async ({ page }) => {
  const { accountName } = await makeDomain(page.request, 'full')
  await page.goto('/accounts')
  await findRow(page, 'Accounts', accountName)
  const trigger = page.getByRole('button', { name: `Actions for ${accountName}` })
  await openWith(page, trigger, page.getByRole('menu'))
  const edit = page.getByRole('menuitem', { name: 'Edit' })
  await edit.press('Enter')
  const opened = page.getByRole('dialog')
  await expect(opened).toBeVisible()
  await expectReturn(page, trigger, opened)
})

test('a window that takes the place of another gives the focus back to where the first had it from', async ({
  page,
}) => {
  await page.goto('/accounts')
  const trigger = page.getByRole('button', { name: 'Add an account', exact: true })
  const form = page.getByRole('dialog', { name: 'Add an account' })
  await openWith(page, trigger, form)
  const name = `Account ${randomUUID()}`
  await form.getByLabel('Name').fill(name)
  await form.getByLabel('API key', { exact: true }).fill(accountKey)
  await form.getByLabel('API key', { exact: true }).press('Enter')
  const result = page.getByRole('dialog', { name: `${name} is added` })
  await expect(result.getByText('The credential works.')).toBeVisible()
  await expectReturn(page, trigger, result)
})

test('a key that was copied away gives the focus back, and its menu ends it', async ({ page }) => {
  const { domainId } = await makeDomain(page.request, 'full')
  await page.goto(`/domains/${domainId}`)
  const trigger = page.getByRole('button', { name: 'New client key' })
  const form = page.getByRole('dialog', { name: 'New client key' })
  await openWith(page, trigger, form)
  await form.getByLabel('Name').fill('laptop')
  await form.getByLabel('Name').press('Enter')
  await expect(page.getByRole('heading', { name: 'Key for laptop' })).toBeVisible()
  await page.getByRole('button', { name: 'Done' }).press('Enter')
  await expect(trigger).toBeFocused()

  const menu = page.getByRole('button', { name: 'Actions for laptop' })
  await openWith(page, menu, page.getByRole('menu'))
  await page.getByRole('menuitem', { name: 'Revoke' }).press('Enter')
  const question = page.getByRole('dialog', { name: 'Revoke laptop?' })
  await expect(question).toHaveAccessibleDescription(/^Clients that use it get 401 within five seconds/)
  await question.getByRole('button', { name: 'Revoke key' }).press('Enter')
  await expect(page.getByRole('row').filter({ hasText: 'laptop' }).getByText('Revoked')).toBeVisible()
  await expect(menu).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Actions for test' })).toBeFocused()
})

test('where a rule was deleted, the focus goes to the one beside it', async ({ page }) => {
  // They stand by their names: nobody else's comes between.
  const together = randomUUID()
  const names = ['first', 'second', 'third'].map((place) => `${together} ${place}`)
  for (const name of names)
    await make(page.request, '/api/alerts/rules', { name, metric: 'recorder_lag', threshold: 3_000, channelIds: [] })
  await page.goto('/alerts')
  const rows = page.getByRole('table', { name: 'Rules' }).getByRole('row')
  const order = (await rows.allInnerTexts()).map((text) => names.find((name) => text.includes(name)))
  const own = order.filter((name) => name !== undefined)
  expect(own).toHaveLength(3)
  const beginsAt = order.indexOf(own[1])
  const next = rows.nth(beginsAt + 1).getByRole('button', { name: /^Delete / })
  const nextName = (await next.getAttribute('aria-label')) ?? ''
  const question = page.getByRole('dialog', { name: `Delete ${own[1]}?` })
  await openWith(page, page.getByRole('button', { name: `Delete ${own[1]}` }), question)
  await question.getByRole('button', { name: 'Delete rule' }).press('Enter')
  await expect(rows.filter({ hasText: own[1] })).toHaveCount(0)
  await expect(page.locator(':focus')).toHaveAccessibleName(/^(Edit|Delete) /)
  expect(nextName).toContain((await page.locator(':focus').getAttribute('aria-label'))?.replace(/^\w+ /, '') ?? '-')
})

test('yesterday is chosen by its name, and the focus is back at what it was chosen with', async ({ page }) => {
  await page.goto('/requests?tz=Asia/Tokyo')
  const periods = page.getByRole('dialog', { name: 'Custom time range' })
  await openWith(page, page.getByRole('button', { name: 'Custom' }), periods)
  await periods.getByRole('button', { name: 'Yesterday' }).press('Enter')
  await expect(periods).toHaveCount(0)
  await expect(page).toHaveURL(/from=\d{4}-\d\d-\d\dT15:00:00\.000Z&to=\d{4}-\d\d-\d\dT15:00:00\.000Z/)
  await expect(page.getByRole('button', { name: /, 00:00 – .*, 00:00$/ })).toBeFocused()
})

test('the palette and the list of keys give the focus back to where it was', async ({ page }) => {
  await page.goto('/settings')
  const before = page.getByRole('button', { name: 'Theme' })
  for (const [key, name] of [
    ['/', 'Search and go'],
    ['?', 'Keyboard shortcuts'],
  ] as const) {
    const opened = page.getByRole('dialog', { name })
    await expect(async () => {
      if (await opened.isVisible()) return
      await before.focus()
      await page.keyboard.press(key)
      await expect(opened).toBeVisible({ timeout: 5_000 })
    }).toPass()
    await expectReturn(page, before, opened)
  }
})

test('where a panel over the list was stepped on, its row gets the focus, not the one it was opened from', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const model = `step-${Date.now()}`
  const older = await record(page.request, { model })
  const newer = await record(page.request, { model })
  await page.goto(`/requests?model=${model}`)
  const row = (requestId: string) => page.locator(`[data-row-id="${requestId}"]`)
  const panel = page.getByRole('dialog', { name: 'Request' })
  await openWith(page, row(newer), panel)
  await expect(panel).toContainText(newer)
  await panel.getByRole('button', { name: 'Older request' }).press('Enter')
  await expect(panel).toContainText(older)
  await page.keyboard.press('Escape')
  await expect(panel).toHaveCount(0)
  await expect(row(older)).toBeFocused()
})

test('the list of requests is one stop of Tab, and the arrow keys go along it', async ({ page }) => {
  const model = `stop-${Date.now()}`
  const older = await record(page.request, { model })
  const newer = await record(page.request, { model })
  await page.goto(`/requests?model=${model}`)
  const row = (requestId: string) => page.locator(`[data-row-id="${requestId}"]`)
  const stops = page.locator('[data-row-id][tabindex="0"]')
  await expect(stops).toHaveCount(1)
  await expectStep(page, { from: row(newer), key: 'ArrowDown', to: row(older) })
  await expect(stops).toHaveCount(1)
  await expect(row(older)).toHaveAttribute('tabindex', '0')
  await page.keyboard.press('ArrowDown')
  await expect(row(older)).toBeFocused()
  await page.keyboard.press('ArrowUp')
  await expect(row(newer)).toBeFocused()
})

test('the list of conversations is one stop of Tab, and the arrow keys go along it', async ({ page }) => {
  const word = `stop${Date.now()}`
  const older = await conversationOf(page, await record(page.request, { text: word }))
  const newer = await conversationOf(page, await record(page.request, { text: word }))
  await page.goto(`/conversations?q=${word}`)
  const row = (conversationId: string) => page.locator(`[data-row-id="${conversationId}"]`)
  await expect(page.locator('[data-row-id][tabindex="0"]')).toHaveCount(1)
  await expectStep(page, { from: row(newer), key: 'ArrowDown', to: row(older) })
  await expectStep(page, { from: row(older), key: 'ArrowUp', to: row(newer) })
})

test('one press of Escape closes the panel beside the list, wherever in it the focus is', async ({ page }) => {
  const model = `escape-${Date.now()}`
  await record(page.request, { model })
  const newer = await record(page.request, { model })
  await page.goto(`/requests?model=${model}`)
  const row = page.locator(`[data-row-id="${newer}"]`)
  const panel = page.getByRole('dialog', { name: 'Request' })
  await openWith(page, row, panel)
  await panel.getByRole('button', { name: 'Older request' }).focus()
  // A button that is reached says what it is for.
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Tab')
  await expect(page.getByRole('tooltip', { name: /Older request/ })).toBeAttached()
  await expectReturn(page, row, panel)
})

/** Until the scripts of the page run, no key does anything. */
async function expectStep(page: Page, { from, key, to }: { from: Locator; key: string; to: Locator }): Promise<void> {
  await expect(async () => {
    await from.focus()
    await page.keyboard.press(key)
    await expect(to).toBeFocused({ timeout: 1_000 })
  }).toPass()
}
