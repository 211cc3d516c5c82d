import { expect, test, type Page } from '@playwright/test'
import { navItems } from '@/components/shell/nav'
import { seriousFaults } from './serious-faults'

/** The scripts run, and what they asked for has come: what is looked at is the page, not its outline. */
async function settle(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(page.getByText('Checking', { exact: true })).toHaveCount(0)
  await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
}

for (const { href, label } of navItems) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${label} has no serious accessibility fault in ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme })
      await page.goto(href)
      await settle(page)
      expect(await seriousFaults(page)).toEqual([])
    })
  }

  test(`${label} loads without an error in the console, and without leaving its own origin`, async ({
    page,
    baseURL,
  }) => {
    const noise: string[] = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) noise.push(message.text())
    })
    page.on('pageerror', (error) => noise.push(error.message))
    page.on('request', (sent) => {
      if (!sent.url().startsWith(baseURL ?? '') && !sent.url().startsWith('data:')) noise.push(`asked ${sent.url()}`)
    })
    await page.goto(href)
    await settle(page)
    expect(noise).toEqual([])
  })
}

test('the bare address leads to the overview', async ({ page }) => {
  await page.goto('/')
  await expect(page).toHaveURL('/overview')
})

test('somebody without a login is sent to the login page', async ({ browser }) => {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const page = await context.newPage()
  await page.goto('/requests')
  await expect(page).toHaveURL(/\/login\?callbackUrl=%2Frequests/)
  await context.close()
})

test('the setup page is closed once an owner exists', async ({ page }) => {
  const response = await page.goto('/setup?token=anything')
  expect(response?.status()).toBe(404)
})
