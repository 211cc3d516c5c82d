import { randomUUID } from 'node:crypto'
import { expect, test, type Page } from '@playwright/test'
import { findRow } from './find-row'
import { makeDomain } from './own-domain'

const invitation = (page: Page) => page.getByRole('dialog', { name: 'Invite somebody' })
const question = (page: Page) => page.getByRole('dialog', { name: 'Discard what you typed?' })

async function openInvitation(page: Page): Promise<void> {
  await page.goto('/members')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await expect(invitation(page).getByLabel('E-mail address')).toBeFocused()
}

test('a click outside a half-filled form asks, and what was typed is kept until it is given up', async ({ page }) => {
  await openInvitation(page)
  await invitation(page).getByLabel('E-mail address').fill('half@example.com')
  await page.mouse.click(5, 5)
  await question(page).getByRole('button', { name: 'Keep editing' }).click()
  await expect(question(page)).toHaveCount(0)
  await expect(invitation(page).getByLabel('E-mail address')).toHaveValue('half@example.com')
  await page.keyboard.press('Escape')
  await question(page).getByRole('button', { name: 'Discard' }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('a form in which nothing was typed closes without a question', async ({ page }) => {
  await openInvitation(page)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('a link that is shown once outlives a click outside, and its withdrawal is asked about', async ({ page }) => {
  const email = `once-${randomUUID()}@example.com`
  await openInvitation(page)
  await invitation(page).getByLabel('E-mail address').fill(email)
  await page.getByRole('button', { name: 'Make the link' }).click()
  const link = page.getByRole('dialog').locator('[data-secret]')
  await expect(link).toBeVisible()
  await page.mouse.click(5, 5)
  await expect(link).toBeVisible()
  await page.getByRole('button', { name: 'Done' }).click()

  const row = await findRow(page, 'Open invitations', email)
  await row.getByRole('button', { name: 'Withdraw' }).click()
  const dialog = page.getByRole('dialog', { name: `Withdraw the invitation of ${email}?` })
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(row).toBeVisible()
  await row.getByRole('button', { name: 'Withdraw' }).click()
  await dialog.getByRole('button', { name: 'Withdraw' }).click()
  await expect(row).toHaveCount(0)
})

test('a limit finds its client key by a part of the name, and the search does not send the form', async ({ page }) => {
  const { domain } = await makeDomain(page.request, 'full')
  await page.goto('/usage')
  await page.getByRole('button', { name: 'Set a limit' }).click()
  const dialog = page.getByRole('dialog', { name: 'Set a limit' })
  await dialog.getByLabel('For', { exact: true }).selectOption({ label: 'A client key' })
  await dialog.getByLabel('Find: client key').fill(domain)
  await dialog.getByLabel('Find: client key').press('Enter')
  const options = dialog.getByLabel('Which').getByRole('option')
  await expect(options).toHaveText(['Choose …', `test (${domain})`])
  await expect(dialog.getByRole('alert')).toHaveCount(0)
  await dialog.getByLabel('Which').selectOption({ label: `test (${domain})` })
  await dialog.getByLabel('US dollars').fill('12')
  await dialog.getByRole('button', { name: 'Set the limit' }).click()
  await expect(dialog).toHaveCount(0)
})
