import { expect, type Locator, type Page } from '@playwright/test'

/** Has a row in sight: in a list that the other tests have made long, it is looked for in the field over it. */
export async function findRow(page: Page, caption: string, name: string): Promise<Locator> {
  const row = page.getByRole('table', { name: caption, exact: true }).getByRole('row').filter({ hasText: name })
  const field = page.getByRole('group', { name: caption, exact: true }).getByRole('searchbox')
  await expect(async () => {
    if (await row.first().isVisible()) return
    // What is typed before the scripts of the page run is not heard.
    await field.fill('', { timeout: 1_000 })
    await field.fill(name, { timeout: 1_000 })
    await expect(row.first()).toBeVisible({ timeout: 2_000 })
  }).toPass()
  return row
}

/** Ticks a box of a list that may have become too long to look through. */
export async function tick(within: Locator, name: string): Promise<void> {
  const box = within.getByLabel(name)
  await expect(async () => {
    if (!(await box.isVisible())) {
      await within.getByRole('searchbox').fill(name, { timeout: 1_000 })
      await expect(box).toBeVisible({ timeout: 2_000 })
    }
    await box.check({ timeout: 2_000 })
  }).toPass()
}
