import { expect, test } from '@playwright/test'
import { findRow } from './find-row'
import { makeDomain } from './own-domain'
import { accountKey, baseUrl } from './stage'

test('the key before is destroyed at once, and only when that is confirmed', async ({ page }) => {
  const { accountId, accountName } = await makeDomain(page.request, 'full')
  const previous = async () => {
    const account = (await (await page.request.get(`/api/accounts/${accountId}`)).json()) as { previous: unknown }
    return account.previous
  }
  const replaced = await page.request.patch(`/api/accounts/${accountId}`, {
    data: { apiKey: `${accountKey}-new1`, keepPreviousMinutes: 60 },
    headers: { origin: baseUrl() },
  })
  expect(replaced.status(), await replaced.text()).toBe(200)
  expect(await previous()).not.toBeNull()

  await page.goto('/accounts')
  await findRow(page, 'Accounts', accountName)
  const sheet = page.getByRole('dialog', { name: `Edit ${accountName}` })
  await expect(async () => {
    await page.getByRole('button', { name: accountName, exact: true }).click({ timeout: 5_000 })
    await expect(sheet).toBeVisible({ timeout: 5_000 })
  }).toPass()
  const destroy = sheet.getByRole('button', { name: 'Destroy it now' })
  const question = page.getByRole('dialog', { name: /^Destroy the key …/ })

  await destroy.click()
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(question).toHaveCount(0)
  await expect(destroy).toBeFocused()
  expect(await previous()).not.toBeNull()

  await destroy.click()
  await question.getByRole('button', { name: 'Destroy it', exact: true }).click()
  await expect(page.getByText('The old key is destroyed here.')).toBeVisible()
  await expect(destroy).toHaveCount(0)
  expect(await previous()).toBeNull()
})
