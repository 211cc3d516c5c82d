import { expect, test } from '@playwright/test'
import { makeDomain } from './own-domain'
import { conversationOf, record } from './recorded-call'

const unknownId = '019a0000-0000-7000-8000-000000000001'

for (const list of ['requests', 'conversations', 'domains'] as const) {
  for (const id of [unknownId, 'no-id'])
    test(`/${list}/${id} is not found, and says so to programs as well`, async ({ page }) => {
      const response = await page.goto(`/${list}/${id}`)
      expect(response?.status()).toBe(404)
      await expect(page.getByRole('heading', { name: 'There is no such page', level: 1 })).toBeVisible()
    })
}

test('an address with an id in upper case leads to the same page', async ({ page }) => {
  const requestId = await record(page.request)
  const conversationId = await conversationOf(page, requestId)
  const { domainId } = await makeDomain(page.request, 'full')
  for (const [list, id, heading] of [
    ['requests', requestId, 'Request'],
    ['conversations', conversationId, /^State /],
    ['domains', domainId, /\.example\.com$/],
  ] as const) {
    const response = await page.goto(`/${list}/${id.toUpperCase()}`)
    expect(response?.status()).toBe(200)
    await expect(page.getByRole('heading', { name: heading, level: 1 })).toBeVisible()
  }
})
