import { expect, test, type Locator, type Page } from '@playwright/test'
import { makeDomain } from './own-domain'
import { record } from './recorded-call'

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
  const trigger = page.getByRole('button', { name: `Actions for ${accountName}` })
  await openWith(page, trigger, page.getByRole('menu'))
  const edit = page.getByRole('menuitem', { name: 'Edit' })
  await edit.press('Enter')
  const opened = page.getByRole('dialog')
  await expect(opened).toBeVisible()
  await expectReturn(page, trigger, opened)
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
