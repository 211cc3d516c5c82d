import { expect, test } from '@playwright/test'
import { findRow } from './find-row'

/** Desktop and mobile run on one server: each makes things of its own. */
const ownName = (what: string) => `${what} of ${test.info().project.name}`

test('the Health page says how the server is and what the doctor found', async ({ page }) => {
  await page.goto('/doctor')
  const tiles = page.getByRole('list', { name: 'State of the server' })
  await expect(tiles.getByRole('listitem')).toHaveCount(6)
  await expect(tiles.getByText('serving')).toBeVisible()
  await expect(tiles.getByText('connected')).toBeVisible()
  await expect(page.getByText(/PostgreSQL .* answers in/)).toBeVisible()
  await expect(page.getByText('Every migration is applied.')).toBeVisible()
  await expect(page.getByText(/passes streams at once and bodies of 11 MB/)).toBeVisible()
})

test('a rule shows what it would have told, and is watched from then on', async ({ page }) => {
  const name = ownName('Recorder behind')
  await page.goto('/alerts')
  await page.getByRole('button', { name: 'New rule' }).first().click()
  const sheet = page.getByRole('dialog')
  await sheet.getByLabel('What is watched').selectOption('recorder_lag')
  await sheet.getByLabel('Name').fill(name)
  await expect(sheet.getByText(/Would |not known yet/)).toBeVisible()
  await sheet.getByRole('button', { name: 'Create rule' }).click()
  await expect(sheet).toBeHidden()
  const row = await findRow(page, 'Rules', name)
  // Somebody looks twice a minute.
  await expect(row.getByText('well', { exact: true })).toBeVisible({ timeout: 90_000 })
  await row.getByRole('button', { name: `Delete ${name}` }).click()
  await page.getByRole('button', { name: 'Delete rule' }).click()
  await expect(row).toBeHidden()
})

test('a channel into the own network is refused at its field', async ({ page }) => {
  await page.goto('/alerts')
  await page.getByRole('button', { name: 'New channel' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Name').fill(ownName('Metadata'))
  await dialog.getByLabel('Address').fill('http://169.254.169.254/latest/meta-data')
  await dialog.getByRole('button', { name: 'Add channel' }).click()
  await expect(dialog.getByText(/leads into a private network/)).toBeVisible()
})
