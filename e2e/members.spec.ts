import { randomUUID } from 'node:crypto'
import { expect, test, type Page } from '@playwright/test'
import { codeAt, stepAt } from '@/lib/users/totp'
import { findRow, tick } from './find-row'
import { domain, owner } from './stage'

const password = 'lantern copper seven meadow'

test('somebody is invited, goes in, sees the domain of theirs, and is put out again', async ({
  page,
  browser,
}, info) => {
  const email = `grace-${info.project.name}-${Date.now()}@example.com`
  const name = `Grace ${info.project.name} ${Date.now()}`
  await page.goto('/members')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByLabel('E-mail address').fill(email)
  await tick(page.getByRole('dialog'), domain)
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = await page.getByRole('dialog').locator('[data-secret]').innerText()
  await page.getByRole('button', { name: 'Done' }).click()
  await findRow(page, 'Open invitations', email)

  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const theirs = await context.newPage()
  await theirs.goto(link)
  await theirs.getByLabel('Your name').fill(name)
  await theirs.getByLabel('Password', { exact: true }).fill(password)
  await theirs.getByRole('button', { name: 'Go in' }).click()
  await expect(theirs).toHaveURL('/login')
  await theirs.getByLabel('E-mail address').fill(email)
  await theirs.getByLabel('Password', { exact: true }).fill(password)
  await theirs.getByRole('button', { name: 'Log in' }).click()
  await expect(theirs).toHaveURL('/overview')
  await expect(theirs.getByRole('link', { name: 'Requests' }).first()).toBeAttached()
  await expect(theirs.getByRole('link', { name: 'Members' })).toHaveCount(0)
  await theirs.goto('/members')
  await expect(theirs.getByRole('heading', { level: 1 })).toHaveText('There is no such page')

  await page.reload()
  const row = await findRow(page, 'Members', email)
  await row.getByRole('button', { name }).click()
  await page.getByRole('button', { name: `Deactivate ${name}` }).click()
  await page.getByRole('button', { name: 'Deactivate', exact: true }).click()
  await findRow(page, 'Members', email)
  await expect(row.getByText('deactivated')).toBeVisible()
  await theirs.goto('/overview')
  await expect(theirs).toHaveURL(/\/login/)
  await context.close()
})

test('a login that is not fresh gives the password before it exports, and the export is in the log', async ({
  page,
}) => {
  await page.goto('/audit')
  await expect(page.getByText('user.login').first()).toBeAttached()
  await page.route('**/api/audit/export**', async (route) => {
    // As after ten minutes: the answer that the server gives a login that is not fresh.
    await route.fulfill({
      status: 403,
      json: { code: 'reauthenticate', message: 'Enter your password again to go on.' },
    })
    await page.unroute('**/api/audit/export**')
  })
  await page.getByRole('link', { name: 'CSV' }).click()
  const dialog = page.getByRole('dialog', { name: 'Is it still you?' })
  await dialog.getByLabel('Password', { exact: true }).fill('not the password')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  await expect(dialog.getByText('This is not your password.')).toBeVisible()
  await dialog.getByLabel('Password', { exact: true }).fill(owner.password)
  const download = page.waitForEvent('download')
  await dialog.getByRole('button', { name: 'Go on' }).click()
  expect((await download).suggestedFilename()).toMatch(/^audit-[\d-]+\.csv$/)
  await page.goto('/audit?action=audit.export')
  await expect(page.getByRole('row').filter({ hasText: 'audit.export' }).first()).toBeVisible()
})

test('the chain of the log is verified on the page', async ({ page }) => {
  await page.goto('/audit')
  await page.getByRole('button', { name: 'Verify the chain' }).click()
  await expect(page.getByText(/entries, unbroken/)).toBeVisible()
})

test('a second factor is switched on, asked for at the login, and a recovery code stands in for it', async ({
  page,
  browser,
  baseURL,
}) => {
  const email = `vera-${randomUUID()}@example.com`
  const headers = { origin: baseURL ?? '' }
  const invited = await page.request.post('/api/invitations', { headers, data: { email, role: 'viewer' } })
  const token = ((await invited.json()) as { url: string }).url.split('#')[1]
  const data = { token, name: 'Vera', password }
  expect((await page.request.post('/api/invitations/accept', { headers, data })).status()).toBe(201)

  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } })
  const theirs = await context.newPage()
  await logIn(theirs, email)
  await expect(theirs).toHaveURL('/overview')
  await theirs.goto('/settings')
  await theirs.getByRole('button', { name: 'Switch it on' }).click()
  const key = await theirs.locator('code[data-secret]').innerText()
  await theirs.getByLabel('The code it shows').fill(codeAt(bytesOf(key), stepAt(Date.now())))
  await theirs.getByRole('button', { name: 'Switch it on' }).click()
  await expect(theirs.getByText('Keep these recovery codes')).toBeVisible()
  const codes = (await theirs.locator('figure pre code').innerText()).split('\n')

  await context.clearCookies()
  await logIn(theirs, email)
  await theirs.getByLabel('Code of your app').fill(codes[0] ?? '')
  await theirs.getByRole('button', { name: 'Log in' }).click()
  await expect(theirs).toHaveURL('/overview')
  await context.close()
})

async function logIn(page: Page, email: string): Promise<void> {
  await page.goto('/login')
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Log in' }).click()
}

/** RFC 4648, as the key is shown. */
function bytesOf(key: string): Uint8Array {
  const bits = [...key]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  return Uint8Array.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
}
