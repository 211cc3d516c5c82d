import { randomUUID } from 'node:crypto'
import { expect, test, type APIRequestContext, type Page } from '@playwright/test'
import { seriousFaults } from './serious-faults'
import { baseUrl, clientKey } from './stage'

/** One streamed call of a client, in a session of its own. */
async function call(request: APIRequestContext, words: string): Promise<{ sessionId: string; body: string }> {
  const sessionId = randomUUID()
  const body = JSON.stringify({
    model: 'claude-opus-5-5',
    max_tokens: 100,
    stream: true,
    messages: [{ role: 'user', content: words }],
  })
  const response = await request.post(`${baseUrl()}/v1/messages`, {
    headers: {
      authorization: `Bearer ${clientKey}`,
      'anthropic-version': '2023-06-01',
      'content-type': 'application/json',
      'x-claude-code-session-id': sessionId,
    },
    data: Buffer.from(body),
  })
  expect(response.status()).toBe(200)
  return { sessionId, body }
}

/** Opens the request of a session from the list, once it is recorded. */
async function openRequest(page: Page, sessionId: string): Promise<void> {
  await page.goto(`/requests?q=${sessionId}`)
  await page.locator('[data-row-id]').click()
  await page.getByRole('dialog', { name: 'Request' }).getByRole('link', { name: 'Open' }).click()
  await expect(page.getByRole('heading', { name: 'Request', level: 1, exact: true })).toBeVisible()
}

test('an engineer reads the events of a stream, its waterfalls, and takes the call as curl', async ({
  page,
  request,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const { sessionId, body } = await call(request, `It's a stream ${randomUUID()}`)
  await openRequest(page, sessionId)

  await page.getByRole('button', { name: 'Copy as curl' }).click()
  await expect(page.getByText('Copied to the clipboard')).toBeVisible()
  const command = await page.evaluate(() => navigator.clipboard.readText())
  expect(command).toContain('-H "Authorization: Bearer $NEXUS_CLIENT_KEY"')
  expect(command).toContain(`--data-binary '${body.replaceAll("'", `'\\''`)}'`)
  expect(command).not.toContain(clientKey)

  await page.getByRole('tab', { name: 'Raw' }).click()
  await page.getByRole('button', { name: 'Events' }).click()
  const events = page.getByRole('list', { name: 'Events' })
  await events.getByRole('button', { name: /message_start/ }).click()
  await expect(page.getByLabel('Event 0')).toContainText('message_start')

  await page.getByRole('tab', { name: 'Timing' }).click()
  await expect(page.getByRole('list', { name: 'Phases' })).toContainText('until the first byte')
  await page.getByRole('tab', { name: 'Usage & cost' }).click()
  await expect(page.getByRole('list', { name: 'Tokens to dollars' })).toContainText('total')
})

test('what the upstream itself found of the cache stands beside our own finding', async ({ page, request }) => {
  const sessionId = randomUUID()
  const first = { role: 'user', content: `Why does it miss? ${sessionId}` }
  const send = (more: object, scenario: string) =>
    request.post(`${baseUrl()}/v1/messages`, {
      headers: {
        ...{ authorization: `Bearer ${clientKey}`, 'anthropic-version': '2023-06-01' },
        ...{ 'x-claude-code-session-id': sessionId, 'x-fake-scenario': scenario },
      },
      data: { model: 'claude-opus-5-5', max_tokens: 100, stream: true, ...more },
    })
  await send({ messages: [first], diagnostics: { previous_message_id: null } }, 'text')
  await openRequest(page, sessionId)
  await page.getByRole('tab', { name: 'Changes' }).click()
  await expect(page.getByRole('region', { name: 'Cache' })).toContainText('no difference found')

  const messages = [first, { role: 'assistant', content: 'Hm.' }, { role: 'user', content: `Again ${sessionId}` }]
  const asked = { messages, diagnostics: { previous_message_id: 'msg_1' } }
  await send(asked, 'text?cacheMiss=tools_changed')
  await expect(async () => {
    await page.goto(`/requests?q=${sessionId}`)
    await expect(page.locator('[data-row-id]')).toHaveCount(2, { timeout: 1_000 })
  }).toPass()
  await page.locator('[data-row-id]').first().click()
  await page.getByRole('dialog', { name: 'Request' }).getByRole('link', { name: 'Open' }).click()
  await page.getByRole('tab', { name: 'Changes' }).click()
  await expect(page.getByRole('region', { name: 'Cache' })).toContainText(
    'The upstream says: the tools changed (12,000 tokens missed).',
  )
})

test('an owner sends a request again with another model; it is marked, and joins no conversation', async ({
  page,
  request,
}) => {
  const { sessionId, body } = await call(request, `Once more ${randomUUID()}`)
  await openRequest(page, sessionId)
  await page.getByRole('button', { name: 'Replay' }).click()
  const dialog = page.getByRole('dialog', { name: 'Send this request again' })
  await dialog.getByLabel('Model').selectOption('claude-haiku-4-5')
  await expect(dialog.getByText(/^~\$/)).toHaveCount(2)
  await dialog.getByRole('button', { name: 'Send it' }).click()
  await dialog.getByRole('link', { name: 'Open the replay' }).click()

  await expect(page.getByText('Replay: sent from the dashboard, not by a client.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'The request it repeats' })).toBeVisible()
  const replayId = new URL(page.url()).pathname.split('/').at(-1)
  const sent = await page.request.get(`/api/requests/${replayId}/raw/request`)
  expect(await sent.text()).toBe(body.replace('claude-opus-5-5', 'claude-haiku-4-5'))
  expect(await (await page.request.get(`/api/requests/${replayId}`)).json()).toMatchObject({
    ...{ kind: 'replay', conversationId: null, clientKeyId: null, status: 200 },
  })
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every part of a request has no serious accessibility fault in ${colorScheme}`, async ({ page, request }) => {
    await page.emulateMedia({ colorScheme })
    const { sessionId } = await call(request, `Look at **this** ${randomUUID()}`)
    await openRequest(page, sessionId)
    for (const name of ['Conversation', 'Changes', 'Usage & cost', 'Timing', 'Headers', 'Raw']) {
      await page.getByRole('tab', { name }).click()
      await expect(page.getByRole('tabpanel', { name })).not.toBeEmpty()
      expect(await seriousFaults(page), name).toEqual([])
    }
    await page.getByRole('button', { name: 'Events' }).click()
    await page.getByRole('list', { name: 'Events' }).getByRole('button').first().click()
    expect(await seriousFaults(page), 'Events').toEqual([])
  })
}

test('the part of a request that an address names has its tab in sight, also on a phone', async ({ page, request }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const { sessionId } = await call(request, `Look at this ${randomUUID()}`)
  await openRequest(page, sessionId)
  const [tabs, raw] = [page.getByRole('tablist'), page.getByRole('tab', { name: 'Raw' })]
  await tabs.evaluate((list) => list.scrollIntoView({ block: 'center' }))
  await expect(tabs).toBeInViewport()
  await expect(raw).not.toBeInViewport()
  const address = new URL(page.url())
  address.searchParams.set('tab', 'raw')
  await page.goto(address.href)
  await expect(async () => {
    await tabs.evaluate((list) => list.scrollIntoView({ block: 'center' }))
    // Its lower edge lies on the line below the tabs.
    await expect(raw).toBeInViewport({ ratio: 0.9, timeout: 1_000 })
  }).toPass()
})

test('filters are saved under a name and come back with it', async ({ page }) => {
  const name = `Mine ${randomUUID().slice(0, 8)}`
  await page.goto('/requests?status=429&from=-7d')
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'Save these filters' }).click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(page.getByText('The view is saved')).toBeVisible()

  await page.goto('/requests')
  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name }).click()
  await expect(page).toHaveURL(/status=429/)
  await expect(page.getByRole('list', { name: 'Filters' })).toContainText('429')

  await page.getByRole('button', { name: 'Views' }).click()
  await page.getByRole('menuitem', { name: 'Delete views' }).click()
  await page.getByRole('button', { name: `Delete the view ${name}` }).click()
  await expect(page.getByRole('button', { name: `Delete the view ${name}` })).toHaveCount(0)
})

test('the keyboard goes along the list, looks, and pauses', async ({ page, request }) => {
  const words = `Keyboard ${randomUUID()}`
  await call(request, words)
  const { sessionId } = await call(request, words)
  await page.goto(`/requests?q=${sessionId}`)
  const row = page.locator('[data-row-id]')
  await expect(row).toHaveCount(1)
  // The server draws the row before the page listens to keys.
  await expect(async () => {
    await page.keyboard.press('j')
    await expect(row).toBeFocused({ timeout: 500 })
  }).toPass()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog', { name: 'Request' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Request' })).toHaveCount(0)
  await page.keyboard.press('p')
  await expect(page.getByText('Paused')).toBeVisible()
  await page.keyboard.press('p')
  await expect(page.getByText('Paused')).toHaveCount(0)
})
