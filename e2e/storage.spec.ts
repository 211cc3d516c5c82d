import { randomUUID } from 'node:crypto'
import { expect, test } from '@playwright/test'
import { findRow } from './find-row'
import { seriousFaults } from './serious-faults'
import { baseUrl, clientKey, domain } from './stage'

test('an owner chooses how long a domain is kept, sees what that frees, and sweeps', async ({ page }) => {
  await page.goto('/storage')
  await expect(page.getByRole('heading', { name: 'Storage', level: 1 })).toBeVisible()
  await expect(page.getByText('Next sweep')).toBeVisible()
  const days = page.getByLabel(`Content is kept of ${domain}`)
  await findRow(page, 'How long each domain is kept', domain)
  const saved = page.waitForResponse((response) => response.request().method() === 'PATCH' && response.ok())
  await days.selectOption({ label: '30 days' })
  await saved
  await page.reload()
  await findRow(page, 'How long each domain is kept', domain)
  await expect(days).toHaveValue('30')
  await page.getByRole('button', { name: 'Sweep now' }).click()
  await expect(page.getByText('The sweep has begun.')).toBeVisible()
  await expect(page.getByText(/Last sweep .* by Ada Owner: nothing was due/)).toBeVisible()
})

test('a starred request stays starred', async ({ page, request }) => {
  const response = await request.post(`${baseUrl()}/v1/messages`, {
    headers: { authorization: `Bearer ${clientKey}`, 'anthropic-version': '2023-06-01' },
    data: { model: 'claude-opus-5-5', max_tokens: 9, messages: [{ role: 'user', content: `Star me ${randomUUID()}` }] },
  })
  const requestId = response.headers()['x-nexus-request-id']
  await expect.poll(async () => (await page.request.get(`/api/requests/${requestId}`)).status()).toBe(200)
  await page.goto(`/requests/${requestId}`)
  const star = page.getByRole('button', { name: 'Star', exact: true })
  await expect(star).toHaveAttribute('aria-pressed', 'false')
  const saved = page.waitForResponse((answer) => answer.url().endsWith('/star') && answer.ok())
  await star.click()
  await saved
  await page.reload()
  await expect(page.getByRole('button', { name: 'Starred' })).toHaveAttribute('aria-pressed', 'true')
})

test('the content of a conversation is deleted on its page, and its figures stay', async ({ page, request }) => {
  const words = `Forget ${randomUUID()}`
  const response = await request.post(`${baseUrl()}/v1/messages`, {
    headers: { authorization: `Bearer ${clientKey}`, 'anthropic-version': '2023-06-01' },
    data: {
      ...{ model: 'claude-opus-5-5', max_tokens: 9, tools: [{ name: 'Bash', input_schema: {} }] },
      messages: [{ role: 'user', content: words }],
    },
  })
  const path = `/api/requests/${response.headers()['x-nexus-request-id']}`
  await expect.poll(async () => (await page.request.get(path)).status()).toBe(200)
  const { conversationId } = (await (await page.request.get(path)).json()) as { conversationId: string }
  await page.goto(`/conversations/${conversationId}`)
  await expect(page.getByLabel('Transcript')).toContainText(words)

  await page.getByRole('button', { name: 'Delete content' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete the content of this conversation' })
  await expect(dialog).toContainText('Tokens, costs, times and branches stay.')
  expect(await seriousFaults(page), 'the question').toEqual([])
  await dialog.getByRole('button', { name: 'Delete content' }).click()

  await expect(page.getByText('The content of 1 request is deleted.')).toBeVisible()
  await expect(page.getByRole('heading', { name: 'Conversation', exact: true, level: 1 })).toBeVisible()
  await expect(page.getByText('The content was deleted')).toBeVisible()
  await expect(page.getByText(words)).toHaveCount(0)
  await expect(page.getByRole('heading', { name: 'Numbers' })).toBeVisible()
})
