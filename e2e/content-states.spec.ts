import { expect, test, type Page } from '@playwright/test'
import { Client } from 'pg'
import { makeDomain } from './own-domain'
import { conversationOf, record } from './recorded-call'
import { seriousFaults } from './serious-faults'
import { databaseUrl } from './stage'

/** What is left of a call whose content is not there: every page says why, and the numbers stay. */

async function expectNumbersOnly(page: Page, requestId: string, reason: string): Promise<void> {
  await page.goto(`/requests/${requestId}`)
  await expect(page.getByText(reason)).toBeVisible()
  await expect(page.getByRole('tabpanel')).not.toContainText('State')
  expect(await seriousFaults(page), 'the request').toEqual([])

  await page.goto(`/requests/${requestId}?tab=raw`)
  await expect(page.getByRole('tabpanel', { name: 'Raw' }).getByText(reason).first()).toBeVisible()
  await page.goto(`/requests/${requestId}?tab=usage`)
  await expect(page.getByRole('list', { name: 'Tokens to dollars' })).toContainText('total')

  const conversationId = await conversationOf(page, requestId)
  await page.goto(`/conversations/${conversationId}`)
  await expect(page.getByText(reason)).toBeVisible()
  await expect(page.getByRole('navigation', { name: 'Branches' })).toContainText('Main')
  expect(await seriousFaults(page), 'the conversation').toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await seriousFaults(page), 'the conversation in the dark').toEqual([])
}

test('a domain that records numbers only says so wherever its content would be', async ({ page }) => {
  const { key } = await makeDomain(page.request, 'metadata')
  const requestId = await record(page.request, { key })
  await expectNumbersOnly(page, requestId, 'The content was not recorded')
})

test('content that retention took says that it has expired', async ({ page }) => {
  const { domainId, key } = await makeDomain(page.request, 'full')
  const requestId = await record(page.request, { key })
  const database = new Client({ connectionString: databaseUrl() })
  await database.connect()
  // Time is what calls cannot make: the call was three days ago, and content is kept for one.
  await database.query('UPDATE domains SET body_days = 1 WHERE id = $1', [domainId])
  await database.query("UPDATE api_requests SET created_at = now() - interval '3 days' WHERE request_id = $1", [
    requestId,
  ])
  await database.query('DELETE FROM request_bodies WHERE request_id = $1', [requestId])
  await database.end()
  await expectNumbersOnly(page, requestId, 'The content has expired')
})
