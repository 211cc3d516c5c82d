import { randomUUID } from 'node:crypto'
import { expect, test, type Locator, type Page } from '@playwright/test'
import { expectRetry, failing, failureId } from './failing'
import { makeDomain } from './own-domain'
import { conversationOf, record } from './recorded-call'
import { seriousFaults } from './serious-faults'
import { baseUrl } from './stage'

/** What pages show when their data does not come, comes late, or is there only in part. */

async function chooseOutcome(page: Page): Promise<void> {
  const choice = page.getByLabel('completed', { exact: true })
  await expect(async () => {
    await page.getByRole('button', { name: 'Outcome' }).click()
    await expect(choice).toBeVisible({ timeout: 1_000 })
  }).toPass()
  await choice.check()
}

const rowsOf = (page: Page): Locator => page.locator('[data-row-id]')

test.describe('requests', () => {
  test('a filter that cannot be read says so, keeps what was there, and is tried again', async ({ page }) => {
    const requestId = await record(page.request)
    await page.goto(`/requests?q=${requestId}`)
    await expect(rowsOf(page)).toHaveCount(1)
    const mend = await failing(page, /\/api\/requests\?.*outcome=/)
    await chooseOutcome(page)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('alert').filter({ hasText: 'away' })).toBeVisible()
    await expect(rowsOf(page)).toHaveCount(1)
    await expectRetry(page, mend)
    await expect(rowsOf(page)).toHaveCount(1)
  })

  test('a server that cannot be reached is told from one that refuses', async ({ page }) => {
    const requestId = await record(page.request)
    await page.goto(`/requests?q=${requestId}`)
    await page.route(/\/api\/requests\?.*outcome=/, (route) => route.abort())
    await chooseOutcome(page)
    await expect(page.getByRole('alert').filter({ hasText: 'The server cannot be reached.' })).toBeVisible()
  })

  test('the panel shows the outline of what is coming until it comes', async ({ page }) => {
    const requestId = await record(page.request)
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    await page.route(new RegExp(`/api/requests/${requestId}$`), async (route) => {
      await held
      await route.continue()
    })
    await page.goto(`/requests?q=${requestId}&peek=${requestId}`)
    const panel = page.getByRole('dialog', { name: 'Request' })
    await expect(panel.getByRole('status', { name: 'Loading' })).toBeVisible()
    release()
    await expect(panel.getByText(requestId, { exact: true })).toBeVisible()
    await expect(panel.getByRole('status', { name: 'Loading' })).toHaveCount(0)
  })

  test('nothing that fits the filters is said with a way out', async ({ page }) => {
    await page.goto('/requests?model=no-such-model')
    await page.getByRole('button', { name: 'Clear the filters' }).click()
    await expect(page).not.toHaveURL(/model=/)
  })

  test('a filter that means nothing is refused in words', async ({ page }) => {
    await page.goto('/requests?status=teapot')
    await expect(page.getByRole('alert').filter({ hasText: 'status' })).toBeVisible()
  })
})

test.describe('one request', () => {
  for (const [tab, address] of [
    ['Conversation', /\/api\/requests\/[0-9a-f-]{36}$/],
    ['Changes', /\/comparison$/],
  ] as const) {
    test(`its part ${tab} says why it does not come, and is tried again`, async ({ page }) => {
      const requestId = await record(page.request)
      const mend = await failing(page, address)
      await page.goto(`/requests/${requestId}?tab=${tab.toLowerCase()}`)
      await expectRetry(page, mend)
      await expect(page.getByRole('tabpanel', { name: tab })).toContainText(tab === 'Changes' ? 'Cache' : 'State')
    })
  }

  test('its events say why they do not come, and are tried again', async ({ page }) => {
    const requestId = await record(page.request, { stream: true })
    const mend = await failing(page, /\/events$/)
    await page.goto(`/requests/${requestId}?tab=raw`)
    await page.getByRole('button', { name: 'Events' }).click()
    await expectRetry(page, mend)
    await expect(page.getByRole('list', { name: 'Events' })).toContainText('message_start')
  })

  test('an answer that broke off shows what had come, and its cost as a part', async ({ page }) => {
    const requestId = await record(page.request, { stream: true, scenario: 'text?events=8&after=6&cut=fin' })
    await page.goto(`/requests/${requestId}`)
    await expect(page.getByText('The upstream failed or broke off.')).toBeVisible()
    await expect(page.getByTitle(/the answer was cut off: at least this/)).toBeVisible()
    expect(await seriousFaults(page), 'a part').toEqual([])
  })

  test('a model without a price is unpriced, not free', async ({ page }) => {
    const requestId = await record(page.request, { model: `house-model-${randomUUID()}` })
    await page.goto(`/requests/${requestId}`)
    await expect(page.getByTitle('no price for this model').first()).toHaveText('unpriced')
  })

  test('the attempts of a request call their account by its name', async ({ page }) => {
    const { key, accountId, accountName } = await makeDomain(page.request, 'full')
    const requestId = await record(page.request, { key })
    await page.goto(`/requests/${requestId}?tab=timing`)
    await expect(page.getByRole('table', { name: 'Attempts' })).toContainText(accountName)
    await expect(page.getByRole('list', { name: 'Phases' })).toContainText(accountName)
    await expect(page.getByRole('tabpanel')).not.toContainText(accountId)
  })

  test('a request that nobody recorded is not found', async ({ page }) => {
    await page.goto(`/requests/${failureId}`)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no such page')
  })
})

test.describe('conversations', () => {
  test('a list that cannot be read says so, keeps what was there, and is tried again', async ({ page }) => {
    const requestId = await record(page.request)
    await page.goto(`/conversations?q=${await conversationOf(page, requestId)}`)
    const list = page.getByRole('table', { name: 'Conversations' })
    await expect(list).toBeVisible()
    const mend = await failing(page, /\/api\/conversations\?.*sort=cost/)
    await expect(async () => {
      await page.getByRole('button', { name: 'Most costly' }).click()
      await expect(page).toHaveURL(/sort=cost/, { timeout: 1_000 })
    }).toPass()
    await expect(page.getByRole('alert').filter({ hasText: 'away' })).toBeVisible()
    await expect(list).toBeVisible()
    await expectRetry(page, mend)
  })

  for (const [part, address, found] of [
    ['thread', /\/thread(\?|$)/, 'State'],
    ['context', /\/composition\?/, 'Context by part'],
  ] as const) {
    test(`its ${part} says why it does not come, and is tried again`, async ({ page }) => {
      const requestId = await record(page.request)
      const mend = await failing(page, address)
      await page.goto(`/conversations/${await conversationOf(page, requestId)}?overview=context`)
      await expectRetry(page, mend)
      await expect(page.getByText(found).first()).toBeVisible()
    })
  }

  test('one without a price is unpriced, in the list and on its page', async ({ page }) => {
    const requestId = await record(page.request, { model: `house-model-${randomUUID()}` })
    const conversationId = await conversationOf(page, requestId)
    await page.goto(`/conversations?q=${conversationId}`)
    await expect(page.getByRole('table', { name: 'Conversations' }).getByTitle('no price for this model')).toHaveText(
      'unpriced',
    )
    await page.goto(`/conversations/${conversationId}`)
    await expect(page.getByTitle('no price for this model').first()).toHaveText('unpriced')
  })

  test('an address with a branch that is not there shows the newest one', async ({ page }) => {
    const requestId = await record(page.request)
    const conversationId = await conversationOf(page, requestId)
    await page.goto(`/conversations/${conversationId}?branch=no-such-branch`)
    await expect(page.getByLabel('Transcript')).toContainText('State')
  })

  test('deleted content says that it was deleted, in the thread and in the request; the numbers stay', async ({
    page,
  }) => {
    const requestId = await record(page.request)
    const conversationId = await conversationOf(page, requestId)
    const erased = await page.request.post('/api/storage/erasures', {
      data: { conversationId },
      headers: { origin: baseUrl() },
    })
    expect(erased.status()).toBe(200)
    await page.goto(`/requests/${requestId}`)
    await expect(page.getByText('The content was deleted')).toBeVisible()
    await expect(page.getByRole('tabpanel')).not.toContainText(`State`)
    await page.goto(`/requests/${requestId}?tab=usage`)
    await expect(page.getByRole('list', { name: 'Tokens to dollars' })).toContainText('total')
    await page.goto(`/conversations/${conversationId}`)
    await expect(page.getByText('The content was deleted')).toBeVisible()
  })

  test('an open conversation is read again when it gets a turn, and not because one looks at it', async ({ page }) => {
    const requestId = await record(page.request)
    const conversationId = await conversationOf(page, requestId)
    const reads: string[] = []
    page.on('request', (sent) => {
      if (new URL(sent.url()).pathname === `/api/conversations/${conversationId}`) reads.push(sent.url())
    })
    const asked = page.waitForResponse((response) =>
      response.url().includes(`conversationId=${conversationId}&limit=1`),
    )
    await page.goto(`/conversations/${conversationId}`)
    await asked
    await expect(page.getByLabel('Transcript')).toContainText('State')
    expect(reads).toEqual([])
  })
})
