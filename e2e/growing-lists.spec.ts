import { randomUUID } from 'node:crypto'
import { expect, test, type Locator, type Page } from '@playwright/test'
import { Client } from 'pg'
import { tick } from './find-row'
import { make, makeDomain } from './own-domain'
import { seriousFaults } from './serious-faults'
import { databaseUrl } from './stage'

/** Lists that grow with an installation stay such that one finds a row in them. */

const caption = 'How long each domain is kept'
const namesOf = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `team-${String(index).padStart(3, '0')}.example.com`)

/** The Storage page of an installation with so many domains, which the other tests do not have. */
async function openRetention(page: Page, count: number): Promise<Locator> {
  await page.route(/\/api\/retention$/, async (route) => {
    const answer = await route.fetch()
    const policies = namesOf(count).map((domain) => ({ domainId: domain, domain, bodyDays: null, rowDays: null }))
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), policies } })
  })
  await page.goto('/storage')
  const table = page.getByRole('table', { name: caption })
  await expect(table).toContainText('team-000.example.com')
  return table
}

const listOf = (page: Page): Locator => page.getByRole('group', { name: caption })
const fieldOf = (page: Page): Locator => listOf(page).getByRole('searchbox', { name: 'Find a domain' })
/** The head is one, too. */
const rowsOf = (table: Locator): Locator => table.getByRole('row').filter({ has: table.page().getByRole('cell') })

test('a list that fits is there as a whole, with nothing around it', async ({ page }) => {
  const table = await openRetention(page, 20)
  await expect(rowsOf(table)).toHaveCount(20)
  await expect(listOf(page)).toHaveCount(0)
})

test('a long list shows its first rows and says how many there are', async ({ page }) => {
  const table = await openRetention(page, 63)
  await expect(rowsOf(table)).toHaveCount(20)
  await expect(listOf(page).getByRole('status').filter({ hasText: '20 of 63 domains' })).toBeVisible()
  expect(await seriousFaults(page)).toEqual([])
})

test('a press shows the next rows, and the first of them has the focus', async ({ page }) => {
  const table = await openRetention(page, 63)
  await listOf(page).getByRole('button', { name: 'Show 20 more' }).press('Enter')
  await expect(rowsOf(table)).toHaveCount(40)
  await expect(rowsOf(table).nth(20)).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByLabel('Content is kept of team-020.example.com')).toBeFocused()
})

test('one press shows a list of some hundred rows as a whole, and there is nothing left to press', async ({ page }) => {
  const table = await openRetention(page, 63)
  await listOf(page).getByRole('button', { name: 'Show all 63' }).click()
  await expect(rowsOf(table)).toHaveCount(63)
  await expect(listOf(page).getByRole('status').filter({ hasText: '63 domains · that is all' })).toBeVisible()
  await expect(listOf(page).getByRole('button', { name: /^Show/ })).toHaveCount(0)
})

test('a row is found by a part of its name, and Escape brings the others back', async ({ page }) => {
  const table = await openRetention(page, 63)
  await fieldOf(page).fill('EAM-05')
  await expect(listOf(page).getByRole('status').filter({ hasText: '10 of 63 domains' })).toBeVisible()
  await expect(rowsOf(table)).toHaveCount(10)
  await expect(table).toContainText('team-059.example.com')
  await fieldOf(page).press('Escape')
  await expect(fieldOf(page)).toHaveValue('')
  await expect(rowsOf(table)).toHaveCount(20)
})

test('where nothing is found, that is said, and one press leads back to the field', async ({ page }) => {
  const table = await openRetention(page, 63)
  await fieldOf(page).fill('nobody')
  await expect(listOf(page).getByRole('heading', { name: 'No domain fits' })).toBeVisible()
  await expect(listOf(page).getByRole('status').filter({ hasText: '0 of 63 domains' })).toBeVisible()
  expect(await seriousFaults(page), 'nothing found').toEqual([])
  await listOf(page).getByRole('button', { name: 'Show all again' }).press('Enter')
  await expect(fieldOf(page)).toBeFocused()
  await expect(fieldOf(page)).toHaveValue('')
  await expect(rowsOf(table)).toHaveCount(20)
})

test('what was found stays while the page reads its list again', async ({ page }) => {
  const table = await openRetention(page, 63)
  await fieldOf(page).fill('team-05')
  await expect(rowsOf(table)).toHaveCount(10)
  await page.waitForResponse(/\/api\/retention$/)
  await page.waitForResponse(/\/api\/retention$/)
  await expect(fieldOf(page)).toHaveValue('team-05')
  await expect(rowsOf(table)).toHaveCount(10)
})

test('a found domain is changed where it stands', async ({ page }) => {
  await openRetention(page, 63)
  await fieldOf(page).fill('team-059')
  const asked = page.waitForRequest((request) => request.method() === 'PATCH')
  await page.route(/\/api\/retention\/team-059/, (route) => route.fulfill({ json: {} }))
  await page.getByLabel('Content is kept of team-059.example.com').selectOption({ label: '30 days' })
  expect((await asked).postDataJSON()).toEqual({ bodyDays: 30 })
})

test('among many domains those that a member sees are found by name, and what was ticked before stays', async ({
  page,
}) => {
  const domains: string[] = []
  // More than are looked through at a glance.
  for (let count = 0; count < 13; count++) {
    const domain = `${randomUUID()}.example.com`
    await make(page.request, '/api/domains', { domain })
    domains.push(domain)
  }
  const [first = '', second = ''] = domains
  await page.goto('/members')
  const dialog = page.getByRole('dialog', { name: 'Invite somebody' })
  await expect(async () => {
    if (!(await dialog.isVisible())) await page.getByRole('button', { name: 'Invite somebody' }).click()
    await expect(dialog).toBeVisible({ timeout: 2_000 })
  }).toPass()
  await dialog.getByLabel('E-mail address').fill(`many-${randomUUID()}@example.com`)
  const field = dialog.getByRole('searchbox', { name: 'Find: Domains that they see' })
  for (const domain of [first, second]) {
    await field.fill(domain)
    await expect(dialog.getByRole('status').filter({ hasText: /^1 domain$/ })).toBeVisible()
    await tick(dialog, domain)
  }
  await field.press('Escape')
  await expect(field).toHaveValue('')
  await expect(dialog).toBeVisible()
  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/invitations'))
  await dialog.getByRole('button', { name: 'Make the link' }).click()
  expect((await sent).postDataJSON()).toMatchObject({ domainIds: [expect.any(String), expect.any(String)] })
})

test('among many keys of a domain one is found by its name', async ({ page }) => {
  const { domainId } = await makeDomain(page.request, 'full')
  await addKeys(domainId, 60)
  await page.goto(`/domains/${domainId}`)
  const keys = page.getByRole('table', { name: /^Client keys of / })
  const field = page.getByRole('searchbox', { name: 'Find a client key' })
  await expect(async () => {
    await field.fill('')
    await field.fill('LAPTOP 7')
    await expect(rowsOf(keys)).toHaveCount(1, { timeout: 2_000 })
  }).toPass()
  await expect(keys).toContainText('laptop 7')
  await field.fill('nobody')
  await expect(page.getByRole('heading', { name: 'No client key fits' })).toBeVisible()
  await field.press('Escape')
  await expect(rowsOf(keys)).toHaveCount(50)
})

async function addKeys(domainId: string, count: number): Promise<void> {
  const client = new Client({ connectionString: databaseUrl() })
  await client.connect()
  await client.query(
    `INSERT INTO client_keys (id, domain_id, name, hash, prefix, last4)
     SELECT gen_random_uuid(), $1::uuid, 'laptop ' || n, sha256(convert_to($1::uuid::text || n, 'UTF8')), 'cnp_live_', '0000'
     FROM generate_series(1, $2::int) n`,
    [domainId, count],
  )
  await client.end()
}
