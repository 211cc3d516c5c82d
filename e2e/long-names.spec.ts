import { randomUUID } from 'node:crypto'
import { expect, test, type Page } from '@playwright/test'
import { make } from './own-domain'
import { conversationOf, record } from './recorded-call'

/** Names and titles as long as people make them: no page is wider than its screen because of them. */

const word = 'Rechtsschutzversicherungsgesellschaften'
const place = (length: number) => 'a-department-with-a-very-long-name.'.repeat(3).slice(0, length)

/** A domain, an account and a key of names without end, and a call whose first words are one word. */
async function makeLong(page: Page) {
  const domain = `${place(22)}${randomUUID()}.de`
  const { domainId = '' } = await make(page.request, '/api/domains', { domain, capture: 'full' })
  const apiKey = `sk-ant-api03-${randomUUID()}`
  const account = { kind: 'api_key', name: `${word} ${randomUUID()}`, apiKey, domains: [{ domainId }] }
  const { accountId = '' } = await make(page.request, '/api/accounts', account)
  const { key = '' } = await make(page.request, '/api/client-keys', { domainId, name: `${word}${word} – Laptop` })
  await make(page.request, '/api/invitations', {
    email: `${word}.${randomUUID().slice(0, 8)}@eine-firma-mit-bindestrichen-und-noch-einem.example.com`,
    role: 'viewer',
  })
  const requestId = await record(page.request, { key, model: `claude-${word.toLowerCase()}-${'x'.repeat(60)}` })
  return { domainId, accountId, requestId, conversationId: await conversationOf(page, requestId) }
}

type Made = Awaited<ReturnType<typeof makeLong>>

const groups: readonly [name: string, paths: (made: Made) => readonly string[]][] = [
  ['figures', () => ['/overview', '/usage', '/windows', '/storage']],
  ['lists', () => ['/requests', '/conversations', '/accounts', '/domains']],
  ['settings', () => ['/members', '/audit', '/doctor']],
  ['what is opened', (made) => [`/domains/${made.domainId}`, `/requests/${made.requestId}`]],
  ['a conversation', (made) => [`/conversations/${made.conversationId}`]],
  [
    'what is narrowed',
    (made) => [`/requests?conversationId=${made.conversationId}`, `/windows?account=${made.accountId}`],
  ],
]

for (const [name, pathsOf] of groups) {
  test(`long names fit in ${name}`, async ({ page }) => {
    for (const path of pathsOf(await makeLong(page))) {
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
      await expect(page.getByRole('status', { name: 'Loading' })).toHaveCount(0)
      const beyond = () =>
        page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      await expect.poll(beyond, path).toBeLessThanOrEqual(0)
    }
  })
}

test('what one does with a key is in sight however long its name is', async ({ page }) => {
  const { domainId } = await makeLong(page)
  await page.goto(`/domains/${domainId}`)
  const actions = page.getByRole('button', { name: /^Actions for Rechtsschutz/ })
  await expect(actions).toBeInViewport({ ratio: 1 })
})

test('what was asked from right to left is set from right to left', async ({ page }) => {
  const requestId = await record(page.request, { text: 'مرحبا، اشرح لي هذا الكود' })
  await page.goto(`/requests/${requestId}`)
  const said = page.getByRole('article').getByText('مرحبا').first()
  await expect(said).toHaveCSS('unicode-bidi', 'plaintext')
  await page.goto(`/conversations/${await conversationOf(page, requestId)}`)
  await expect(page.getByRole('heading', { level: 1 }).locator('bdi')).toContainText('مرحبا')
})
