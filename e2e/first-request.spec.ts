import { expect, test, type Page } from '@playwright/test'
import { findRow, tick } from './find-row'
import { accountKey, baseUrl } from './stage'

/** Desktop and mobile run on one server: each makes things of its own. */
const ownName = (what: string) => `${test.info().project.name}-${what}`

test('from an account to a key to the first request, seen on its page', async ({ page, request }) => {
  const account = await addAccount(page)
  const domain = await createDomain(page, account)
  const key = await createKey(page)
  await expect(page.getByText('Waiting for the first request with this key')).toBeVisible()

  const answer = await request.post(`${baseUrl()}/v1/messages`, {
    headers: { authorization: `Bearer ${key}`, 'anthropic-version': '2023-06-01' },
    data: {
      model: 'claude-opus-5-5',
      max_tokens: 64,
      messages: [{ role: 'user', content: 'what a fine first morning' }],
    },
  })
  expect(answer.status()).toBe(200)

  await expect(page.getByText('Received', { exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'Open the request' }).click()
  await expect(page).toHaveURL(/\/requests\/[0-9a-f-]{36}/)
  await expect(page.getByText('what a fine first morning').first()).toBeVisible()
  await expect(page.getByText(domain).first()).toBeVisible()
})

test('the secret of an account is never shown again', async ({ page }) => {
  await addAccount(page)
  await page.reload()
  expect(await page.content()).not.toContain(accountKey)
})

async function addAccount(page: Page): Promise<string> {
  const name = `${ownName('account')}-${test.info().title.length}`
  await page.goto('/accounts')
  await page.getByRole('button', { name: 'Add an account' }).click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('Name').fill(name)
  await sheet.getByLabel('API key', { exact: true }).last().fill(accountKey)
  await sheet.getByRole('button', { name: 'Add and test' }).click()
  await sheet.getByRole('button', { name: 'Close' }).last().click()
  await findRow(page, 'Accounts', name)
  return name
}

async function createDomain(page: Page, account: string): Promise<string> {
  const domain = `${ownName('first')}.example.com`
  await page.goto('/domains')
  await page.getByRole('button', { name: 'New domain' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(domain)
  await tick(dialog, account)
  await dialog.getByRole('button', { name: 'Create domain' }).click()
  // The page of the new domain opens with the dialog for its first key.
  await expect(dialog.getByText(`use the proxy as ${domain}`)).toBeVisible()
  return domain
}

/** Fills in the dialog for a key and reads the key from the one time that it is shown. */
async function createKey(page: Page): Promise<string> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill('laptop')
  await dialog.getByRole('button', { name: 'Create key' }).click()
  const key = await page.locator('[data-secret]').textContent()
  expect(key).toMatch(/^cnp_live_[A-Za-z0-9]{40,}$/)
  return key ?? ''
}
