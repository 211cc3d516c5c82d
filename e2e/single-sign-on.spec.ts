import { expect, test } from '@playwright/test'
import { Client } from 'pg'
import { startFakeOidc, type FakeOidc } from '@/lib/testing/fake-oidc'
import { startApp, type RunningApp } from '@/lib/testing/start-app'
import { owner, setupToken } from './stage'

let provider: FakeOidc
let app: RunningApp
test.beforeAll(async () => {
  provider = await startFakeOidc()
  app = await startApp({
    door: 'fast',
    env: {
      SETUP_TOKEN: setupToken,
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: provider.clientId,
      OIDC_CLIENT_SECRET: provider.clientSecret,
      OIDC_NAME: 'Fake ID',
      OIDC_EMAIL_DOMAINS: 'example.com',
    },
  })
  const headers = { origin: app.url, 'content-type': 'application/json' }
  const body = JSON.stringify({ ...owner, token: setupToken })
  expect((await fetch(`${app.url}/api/setup`, { method: 'POST', headers, body })).status).toBe(201)
})
test.afterAll(async () => {
  await app.stop()
  await provider.close()
})
test.use({ storageState: { cookies: [], origins: [] } })

/** The provider asked for the password this long ago. */
const gavePassword = (secondsAgo: number) => {
  provider.person.auth_time = Math.floor(Date.now() / 1_000) - secondsAgo
}

async function makeAdmin(email: string): Promise<void> {
  const client = new Client({ connectionString: app.databaseUrl })
  await client.connect()
  const { rowCount } = await client.query("UPDATE users SET role = 'admin' WHERE email = $1", [email])
  await client.end()
  expect(rowCount).toBe(1)
}

test('somebody logs in with a provider, and again before an export', async ({ page }) => {
  provider.person = { sub: 'grace', email: 'grace@example.com', email_verified: true, name: 'Grace Provider' }
  gavePassword(3_600)
  await page.goto(`${app.url}/usage`)
  await page.getByRole('button', { name: 'Log in with Fake ID' }).click()
  await expect(page).toHaveURL(`${app.url}/usage`)
  await page.goto(`${app.url}/settings`)
  await expect(page.getByText('You log in with Fake ID')).toBeVisible()

  await makeAdmin('grace@example.com')
  await page.goto(`${app.url}/audit`)
  await page.getByRole('link', { name: 'CSV' }).click()
  const dialog = page.getByRole('dialog', { name: 'Is it still you?' })
  gavePassword(0)
  await dialog.getByRole('button', { name: 'Log in with Fake ID' }).click()
  await expect(dialog).toHaveCount(0)
  expect(provider.asked.get('prompt')).toBe('login')
  await expect(page).toHaveURL(`${app.url}/audit`)
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'CSV' }).click()
  expect((await download).suggestedFilename()).toMatch(/^audit-/)
})

test('somebody whom nobody has invited is told so, and a password still works', async ({ page }) => {
  provider.person = { sub: 'eve', email: 'eve@other.example', email_verified: true, name: 'Eve' }
  await page.goto(`${app.url}/login`)
  await page.getByRole('button', { name: 'Log in with Fake ID' }).click()
  await expect(page.getByText('Nobody has invited you yet.')).toBeVisible()
  await page.getByLabel('E-mail address').fill(owner.email)
  await page.getByLabel('Password', { exact: true }).fill(owner.password)
  await page.getByRole('button', { name: 'Log in', exact: true }).click()
  await expect(page).toHaveURL(`${app.url}/overview`)
})
