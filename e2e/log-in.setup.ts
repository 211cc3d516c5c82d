import { expect, test as setup } from '@playwright/test'
import { owner, ownerState, setupToken } from './stage'

setup('the first start ends with an owner who is logged in', async ({ page }) => {
  await page.goto(`/setup?token=${setupToken}`)
  await page.getByLabel('Your name').fill(owner.name)
  await page.getByLabel('E-mail address').fill(owner.email)
  await page.getByLabel('Password', { exact: true }).fill(owner.password)
  await page.getByRole('button', { name: 'Make the owner and log in' }).click()
  await expect(page).toHaveURL('/overview')
  await page.context().storageState({ path: ownerState })
})
