import { expect, test } from '@playwright/test'

test('a name that cannot be saved says so, and stays as it was typed', async ({ page }) => {
  await page.route('**/api/auth/profile', (route) => route.abort())
  await page.goto('/settings')
  const name = page.getByLabel('Name', { exact: true })
  await name.fill('Ada Lovelace')
  await page.getByRole('button', { name: 'Save name' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'The server cannot be reached.' })).toBeVisible()
  await expect(name).toHaveValue('Ada Lovelace')
})
