import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, test, type APIRequestContext, type Page } from '@playwright/test'
import { Client } from 'pg'
import { makeDomain } from './own-domain'
import { accountId, baseUrl, clientKey, dashboardKey, databaseUrl, domain } from './stage'

/** The usage object of an answer, as the client got it from the fake. */
interface Usage {
  readonly input_tokens: number
  readonly output_tokens: number
  readonly cache_creation_input_tokens: number
  readonly cache_read_input_tokens: number
}

/** A model that nobody else calls, and that the price book does not know. */
const newModel = () => `claude-e2e-${randomUUID().slice(0, 8)}`

/** Calls the proxy as a client does and waits until all of it is recorded; what the upstream said it used. */
async function callModel(request: APIRequestContext, model: string, count: number): Promise<Usage[]> {
  const usages: Usage[] = []
  for (let number = 1; number <= count; number += 1) {
    const answer = await request.post(`${baseUrl()}/v1/messages`, {
      headers: { authorization: `Bearer ${clientKey}`, 'anthropic-version': '2023-06-01' },
      data: {
        ...{ model, max_tokens: 64, messages: [{ role: 'user', content: `Question ${number} ${randomUUID()}` }] },
        system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      },
    })
    expect(answer.status()).toBe(200)
    usages.push(((await answer.json()) as { usage: Usage }).usage)
  }
  await expect.poll(() => recordedRequests(request, model), { timeout: 30_000 }).toBe(count)
  return usages
}

async function recordedRequests(request: APIRequestContext, model: string): Promise<number> {
  const answer = await request.get(`${baseUrl()}/api/usage?${new URLSearchParams({ model, bucket: 'total' })}`, {
    headers: { 'x-dashboard-key': dashboardKey },
  })
  const { buckets } = (await answer.json()) as { buckets: { requests: number }[] }
  return buckets[0]?.requests ?? 0
}

const tokensOf = (usage: Usage) =>
  usage.input_tokens + usage.output_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens

/** With an input of $1, an output of $5 and the usual prices of the cache. */
function costMicroUsd(usage: Usage): number {
  const { input_tokens, output_tokens, cache_creation_input_tokens, cache_read_input_tokens } = usage
  return Math.round(
    input_tokens + 5 * output_tokens + 1.25 * cache_creation_input_tokens + 0.1 * cache_read_input_tokens,
  )
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
const figure = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

test('a model without a price is a to-do, and a price makes its figures those of the upstream', async ({
  page,
  request,
}) => {
  const model = newModel()
  const usages = await callModel(request, model, 3)
  await page.goto(`/usage?model=${model}`)
  await expect(figure(page, 'Requests')).toContainText('3')
  await expect(figure(page, 'Cost')).toContainText('unpriced')
  await expect(figure(page, 'All tokens').getByTitle(exact(sum(usages.map(tokensOf))), { exact: true })).toBeVisible()

  const todo = page.getByRole('region', { name: 'Models without a price' })
  await expect(todo).toContainText(`${model}: 3 requests unpriced`)
  await todo.getByRole('button', { name: 'Set a price' }).click()
  const sheet = page.getByRole('dialog', { name: 'Prices' })
  await expect(sheet.getByLabel('Model')).toHaveValue(model)
  await sheet.getByLabel('Input', { exact: true }).fill('1')
  await sheet.getByLabel('Output', { exact: true }).fill('5')
  await expect(sheet.getByLabel('Cache read')).toHaveValue('0.1')
  await sheet.getByRole('button', { name: 'What would change?' }).click()
  await expect(sheet).toContainText('3 of 3 requests would change, 3 of them without a price today')
  await sheet.getByRole('button', { name: 'Set the price' }).click()
  await expect(sheet.getByRole('listitem').filter({ hasText: model }).filter({ hasText: 'done' })).toContainText(
    '3 of 3 changed',
  )

  await page.goto(`/usage?model=${model}`)
  const dollars = `$${(sum(usages.map(costMicroUsd)) / 1e6).toFixed(6)}`
  await expect(figure(page, 'Cost').getByTitle(dollars, { exact: true })).toBeVisible()
  await expect(todo).toBeHidden()
})

const exact = (value: number) => value.toLocaleString('en-US')

test('every choice is in the address: it survives a reload and a step back', async ({ page }) => {
  await page.goto('/usage')
  await page.getByLabel('Measure').selectOption('tokens')
  await page.getByLabel('By', { exact: true }).selectOption('tokenKind')
  await page.getByLabel('Period before').check()
  await expect(page).toHaveURL(/metric=tokens&group=tokenKind&compare=true/)
  await page.reload()
  await expect(page.getByLabel('Measure')).toHaveValue('tokens')
  await expect(page.getByLabel('By', { exact: true })).toHaveValue('tokenKind')
  await expect(page.getByLabel('Period before')).toBeChecked()
  await page.goBack()
  await expect(page.getByLabel('Period before')).not.toBeChecked()
})

test('what is shown can be taken away as CSV and as a picture, and read as a table', async ({ page, request }) => {
  const model = newModel()
  await callModel(request, model, 2)
  await page.goto(`/usage?model=${model}&metric=requests&group=domain`)
  await expect(page.getByText('Requests: 2.')).toBeVisible()
  const menu = page.getByRole('button', { name: 'Export' })

  await menu.click()
  const csv = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /CSV/ }).click()
  const rows = (await readFile((await (await csv).path()) ?? '', 'utf8')).trim().split('\r\n')
  expect(rows[0]).toContain('start,group,requests')
  expect(rows.slice(1).map((row) => row.split(',')[1])).toContain(domain)

  await menu.click()
  const picture = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: /PNG/ }).click()
  const png = await readFile((await (await picture).path()) ?? '')
  expect(png.subarray(1, 4).toString()).toBe('PNG')

  await page.getByRole('button', { name: 'Table', exact: true }).click()
  await expect(page.getByRole('table', { name: 'Requests by domain' }).first()).toContainText(domain)
})

test('a budget is set, shown with what is spent of it, and taken away', async ({ page }) => {
  // Desktop and mobile share the server: each has a budget of its own.
  const [metric, name] =
    test.info().project.name === 'mobile' ? ['spend_per_week', 'Spend a week'] : ['spend_per_day', 'Spend a day']
  await page.goto('/usage')
  await page.getByRole('button', { name: 'Set a limit' }).click()
  const dialog = page.getByRole('dialog', { name: 'Set a limit' })
  await dialog.getByLabel('What').selectOption(metric)
  await dialog.getByLabel('US dollars').fill('1250.50')
  await dialog.getByLabel('When it is reached').selectOption('false')
  await dialog.getByRole('button', { name: 'Set the limit' }).click()
  const row = page.getByRole('table', { name: 'Limits and budgets' }).getByRole('row').filter({ hasText: name })
  await expect(row).toContainText('$1,250.50')
  await expect(row).toContainText('budget')
  await page.getByRole('button', { name: `Remove: ${name}, everybody` }).click()
  await expect(row).toBeHidden()
})

test('the windows page tells what Claude said of an account, and who uses it up', async ({ page, request }) => {
  await callModel(request, newModel(), 1)
  await noteWindow(0.8)
  await page.goto('/windows')
  // An account out of a credential file bears the name of its domain.
  const account = page.getByRole('region', { name: domain, exact: true })
  await expect(account).toContainText('80%')
  await expect(account).toContainText('nearly used up')
  await account.getByRole('button', { name: 'Who and when' }).click()
  await expect(page).toHaveURL(new RegExp(`account=${accountId}`))
  await expect(account.getByRole('table', { name: 'Who uses it up' })).toContainText(domain)
  await expect(account.getByRole('table', { name: 'The last five-hour windows' })).toBeVisible()
  await expect(account.getByRole('table', { name: 'Cost by weekday and hour' })).toBeVisible()
})

test('an account without use is one press away, and has the focus then', async ({ page, request }) => {
  const made = []
  for (let count = 0; count < 4; count++) made.push(await makeDomain(request, 'full'))
  const name = made[0]?.accountName ?? ''
  await page.goto('/windows')
  const account = page.getByRole('region', { name, exact: true })
  await expect(account).toHaveCount(0)
  await expect(async () => {
    if (await account.isVisible()) return
    const button = page.getByRole('button', { name, exact: true })
    // Among those of the other tests it may have to be looked for.
    if (!(await button.isVisible())) await page.getByRole('searchbox', { name: 'Find an account' }).fill(name)
    await button.press('Enter', { timeout: 5_000 })
    await expect(account).toBeVisible({ timeout: 5_000 })
  }).toPass()
  const toggle = account.getByRole('button', { name: 'Who and when' })
  await expect(toggle).toBeFocused()
  await expect(toggle).toBeInViewport()
  await toggle.press('Enter')
  await expect(toggle).toHaveAttribute('aria-expanded', 'false')
  await expect(toggle).toBeFocused()
})

/** As the upstream's headers would have it: the fake's account is an API key, which has no such window. */
async function noteWindow(utilization: number): Promise<void> {
  const client = new Client({ connectionString: databaseUrl() })
  await client.connect()
  await client.query(
    `INSERT INTO account_limits (account_id, window_name, status, utilization, resets_at, as_of)
     VALUES ($1, '5h', 'allowed_warning', $2, now() + interval '2 hours', now())
     ON CONFLICT (account_id, window_name) DO UPDATE SET utilization = excluded.utilization, resets_at = excluded.resets_at, as_of = excluded.as_of`,
    [accountId, utilization],
  )
  await client.end()
}
