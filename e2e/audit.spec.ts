import { expect, test, type Page } from '@playwright/test'
import { owner } from './stage'

const logins = (page: Page) => page.getByRole('row').filter({ hasText: 'user.login' })

test('a name that is typed is one search, and one step back', async ({ page }) => {
  await page.clock.install()
  // Of all that the other tests did, only the newest is on the first page.
  await page.goto('/audit?action=user.login')
  await expect(logins(page).first()).toBeVisible()
  const searches: (string | null)[] = []
  page.on('request', (sent) => {
    const { pathname, searchParams } = new URL(sent.url())
    if (pathname === '/api/audit') searches.push(searchParams.get('actor'))
  })
  // The clock stands: however slowly the keys come, they are one word.
  await page.clock.pauseAt(Date.now() + 60_000)
  await page.getByLabel('Who').pressSequentially(owner.name)
  await page.clock.resume()
  await expect(page).toHaveURL(/actor=Ada/)
  await expect.poll(() => searches).toEqual([owner.name])
  await page.goBack()
  await expect(page).toHaveURL('/audit?action=user.login')
  await expect(page.getByLabel('Who')).toHaveValue('')
  await page.goForward()
  await expect(page.getByLabel('Who')).toHaveValue(owner.name)
})

test('a list that was refused comes by itself after one has logged in again', async ({ page }) => {
  await page.route('**/api/audit?*', (route) =>
    route.fulfill({ status: 401, json: { code: 'unauthorized', message: 'Log in first.' } }),
  )
  await page.goto('/audit?action=user.login')
  const dialog = page.getByRole('dialog', { name: 'Log in again' })
  await expect(dialog).toBeVisible()
  await page.unroute('**/api/audit?*')
  await dialog.getByLabel('E-mail address').fill(owner.email)
  await dialog.getByLabel('Password', { exact: true }).fill(owner.password)
  await dialog.getByRole('button', { name: 'Log in' }).click()
  await expect(dialog).toBeHidden()
  await expect(logins(page).first()).toBeVisible()
  await expect(page.getByText('Log in first.')).toHaveCount(0)
})
