import { expect, test, type Page } from '@playwright/test'
import { expectRetry, failing } from './failing'

/** What the pages of figures and settings show when their data does not come, or comes late. */

for (const { path, address, found } of [
  { path: '/usage', address: /\/api\/limits/, found: 'Set a limit' },
  { path: '/storage', address: /\/api\/storage$/, found: 'Room on the disk' },
  { path: '/storage', address: /\/api\/retention$/, found: 'Content is kept' },
  { path: '/audit?action=user.login', address: /\/api\/audit\?/, found: 'user.login' },
] as const) {
  test(`${path} says that “${found}” does not come, and asks again`, async ({ page }) => {
    const mend = await failing(page, address)
    await page.goto(path)
    await expectRetry(page, mend)
    await expect(page.getByText(found).filter({ visible: true }).first()).toBeVisible()
  })
}

test('figures of usage that do not come leave those that are there, and are asked for again', async ({ page }) => {
  await page.goto('/usage')
  const mend = await failing(page, /\/api\/usage\/explorer/)
  await expect(async () => {
    await page.getByLabel('Measure').selectOption('requests')
    await expect(page).toHaveURL(/metric=requests/, { timeout: 1_000 })
  }).toPass()
  await expect(page.getByRole('alert').filter({ hasText: 'What you see is older.' })).toBeVisible()
  await expectRetry(page, mend)
})

/** Calls of the API at this address wait until the answered function is called. */
async function holding(page: Page, address: RegExp): Promise<() => void> {
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  await page.route(address, async (route) => {
    await held
    await route.continue()
  })
  return release
}

for (const { path, address, found } of [
  { path: '/storage', address: /\/api\/storage$/, found: 'Room on the disk' },
  { path: '/doctor', address: /\/api\/doctor$/, found: 'Every setting is usable.' },
] as const) {
  test(`${path} shows the outline of what is coming until it comes`, async ({ page }) => {
    const release = await holding(page, address)
    await page.goto(path)
    await expect(page.getByRole('status', { name: 'Loading' }).first()).toBeVisible()
    await expect(page.getByText(found)).toHaveCount(0)
    release()
    await expect(page.getByText(found)).toBeVisible()
  })
}
