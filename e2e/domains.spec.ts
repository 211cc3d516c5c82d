import { randomUUID } from 'node:crypto'
import { expect, test, type Page } from '@playwright/test'
import { tick } from './find-row'
import { makeDomain } from './own-domain'
import { accountKey, baseUrl } from './stage'

async function post<T>(page: Page, path: string, data: object): Promise<T> {
  const answer = await page.request.post(path, { headers: { origin: baseUrl() }, data })
  expect(answer.status(), await answer.text()).toBe(201)
  return (await answer.json()) as T
}

/** An account that only these tests know. */
async function addAccount(page: Page, domainIds: readonly string[] = []): Promise<string> {
  const name = `account-${randomUUID()}`
  const domains = domainIds.map((domainId) => ({ domainId }))
  await post(page, '/api/accounts', { kind: 'api_key', name, apiKey: accountKey, domains })
  return name
}

test('a domain whose accounts could not be linked is there all the same, and says what is missing', async ({
  page,
}) => {
  const account = await addAccount(page)
  const domain = `${randomUUID()}.example.com`
  await page.route('**/api/domains/*/accounts', (route) =>
    route.fulfill({ status: 503, json: { code: 'database_unavailable', message: 'The database is away.' } }),
  )
  await page.goto('/domains?new=true')
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(domain)
  await tick(dialog, account)
  await dialog.getByRole('button', { name: 'Create domain' }).click()
  await expect(page.getByText('The database is away.')).toBeVisible()
  await expect(dialog.getByText(`use the proxy as ${domain}`)).toBeVisible()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByText('No account is linked')).toBeVisible()
})

test('the order of the accounts is changed by keyboard, which stays where it is', async ({ page }) => {
  const { domainId } = await post<{ domainId: string }>(page, '/api/domains', { domain: `${randomUUID()}.example.com` })
  await addAccount(page, [domainId])
  const last = await addAccount(page, [domainId])
  await page.goto(`/domains/${domainId}`)
  const lines = page.getByRole('listitem').filter({ hasText: /account-/ })
  await expect(lines).toHaveCount(2)
  const up = page.getByRole('button', { name: `Move ${last} up` })
  await up.focus()
  await page.keyboard.press('Enter')
  await expect(lines.first()).toContainText(last)
  await expect(up).toBeFocused()
  await expect(up).toBeDisabled()
})

test('an account that was taken from a domain is put back with one press', async ({ page }) => {
  const { domainId, accountName } = await makeDomain(page.request, 'full')
  await page.goto(`/domains/${domainId}`)
  const account = page.getByRole('listitem').filter({ hasText: accountName })
  const undo = page.getByRole('button', { name: 'Undo' })
  await expect(async () => {
    // A press before the scripts run does nothing; one that worked leaves nothing to press again.
    if (!(await undo.isVisible()))
      await account.getByRole('button', { name: /^Remove .* from this domain$/ }).click({ timeout: 1_000 })
    await undo.click({ timeout: 5_000 })
  }).toPass()
  await expect(account.getByRole('link', { name: accountName })).toBeVisible()
  await expect(page.getByText('No account is linked')).toHaveCount(0)
})
