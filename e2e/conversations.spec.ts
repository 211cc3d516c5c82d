import { randomUUID } from 'node:crypto'
import { expect, test } from '@playwright/test'
import { longConversation } from '@/lib/testing/long-conversation'
import { say, type Message } from './coding-client'
import { seriousFaults } from './serious-faults'

test('a developer finds her conversation by a word, sees its branches and what a turn changed', async ({
  page,
  request,
}) => {
  const word = `quokka${Date.now()}`
  const sessionId = randomUUID()
  const first: Message[] = [{ role: 'user', content: `Tell me about the ${word}` }]
  const answer = await say(request, { sessionId, messages: first })
  const history: Message[] = [...first, { role: 'assistant', content: answer }]
  await say(request, { sessionId, messages: [...history, { role: 'user', content: 'And its food?' }] })
  await say(request, { sessionId, messages: [...history, { role: 'user', content: 'And its habitat?' }] })

  await page.goto('/conversations')
  await page.getByLabel('Search in what was said').fill(word)
  const link = page.getByRole('link', { name: `Tell me about the ${word}` })
  await expect(link).toHaveCount(1)
  await link.click()

  await expect(page.getByRole('heading', { name: `Tell me about the ${word}` })).toBeVisible()
  const branches = page.getByRole('navigation', { name: 'Branches' })
  await expect(branches.getByRole('button')).toHaveCount(2)
  await expect(page.getByLabel('Transcript')).toContainText('And its habitat?')
  await branches.getByRole('button', { name: /^Main/ }).click()
  await expect(page.getByLabel('Transcript')).toContainText('And its food?')

  await page.getByLabel('Find in this thread').fill('its food')
  // The question, and the answer that repeats it.
  await expect(page.getByText('1 of 2')).toBeVisible()

  await page.getByLabel('Compare with').selectOption({ index: 1 })
  await expect(page.getByText('Both begin with the same 2 messages')).toBeVisible()
  await expect(page.getByRole('region', { name: 'Main' })).toContainText('And its food?')
  await expect(page.getByRole('region', { name: /^Branch / })).toContainText('And its habitat?')
  expect(await seriousFaults(page), 'two branches').toEqual([])
  await page.getByLabel('Compare with').selectOption('')

  await page.getByRole('tab', { name: 'Context' }).click()
  await expect(page.getByRole('heading', { name: 'Context by part' })).toBeVisible()
  await expect(page.getByRole('table', { name: 'Tool definitions by MCP server' })).toContainText('the client')

  expect(await seriousFaults(page), 'context').toEqual([])
  await page.emulateMedia({ colorScheme: 'dark' })
  expect(await seriousFaults(page), 'context in the dark').toEqual([])

  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  await page.getByRole('menuitem', { name: 'Markdown' }).click()
  expect((await download).suggestedFilename()).toMatch(/^conversation-[0-9a-f]{8}\.md$/)
})

test('each request of the timeline is reached and read by keyboard, behind one stop of Tab', async ({
  page,
  request,
}) => {
  const word = `dingo${Date.now()}`
  const sessionId = randomUUID()
  const messages: Message[] = []
  for (const content of [`Tell me about the ${word}`, 'And its food?', 'And its habitat?']) {
    messages.push({ role: 'user', content })
    messages.push({ role: 'assistant', content: await say(request, { sessionId, messages }) })
  }
  await page.goto(`/conversations?q=${word}`)
  await page.getByRole('link', { name: `Tell me about the ${word}` }).click()
  const timeline = page.getByRole('group', { name: /^3 requests of 1 agent,/ })
  const spans = timeline.getByRole('link', { name: /^\d\d:\d\d:\d\d · turn · Main$/ })
  await expect(spans).toHaveCount(3)
  await expect(timeline.locator('[tabindex="0"]')).toHaveCount(1)
  await expect(async () => {
    await spans.first().focus()
    // The scripts of the page may still be on their way.
    await page.keyboard.press('End')
    await expect(spans.last()).toBeFocused({ timeout: 1_000 })
  }).toPass()
  await page.keyboard.press('ArrowLeft')
  await expect(spans.nth(1)).toBeFocused()
  await expect(spans.nth(1)).toHaveAttribute('tabindex', '0')
  await expect(timeline.locator('[tabindex="0"]')).toHaveCount(1)

  const shown = page.getByRole('figure').getByText(/· turn · Main$/)
  await expect(shown).toBeVisible()
  expect(await seriousFaults(page), 'a reached request').toEqual([])
  await page.keyboard.press('Escape')
  await expect(shown).toHaveCount(0)
  const href = await spans.nth(1).getAttribute('href')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`${href}$`))
})

test('a search typed just before a link is followed does not undo the leaving', async ({ page, request }) => {
  const word = `numbat${Date.now()}`
  await say(request, { messages: [{ role: 'user', content: `Tell me about the ${word}` }] })
  await page.clock.install()
  await page.goto('/conversations')
  const link = page.getByRole('link', { name: `Tell me about the ${word}` })
  await expect(link).toBeVisible()
  // The next page is on its way for longer than a pause in typing lasts.
  const held: (() => void)[] = []
  let isHeld = true
  await page.route(/\/conversations\/[0-9a-f-]{36}\?_rsc/, async (route) => {
    if (isHeld) await new Promise<void>((release) => held.push(release))
    await route.continue()
  })

  // However slow the machine: the pause in typing does not end before the link is followed.
  await page.clock.pauseAt(Date.now() + 60_000)
  await page.getByLabel('Search in what was said').pressSequentially('numbat')
  await link.click()
  await expect.poll(() => held.length).toBeGreaterThan(0)
  await page.clock.fastForward(5_000)
  await page.clock.resume()
  isHeld = false
  for (const release of held) release()
  await expect(page.getByRole('heading', { name: `Tell me about the ${word}` })).toBeVisible()
  await expect(page).toHaveURL(/\/conversations\/[0-9a-f-]{36}$/)
})

test('a session of 5,000 blocks is never in the page as a whole, wherever one scrolls', async ({ page, request }) => {
  const word = `wombat${Date.now()}`
  const [first, ...rest] = longConversation(5_000)
  const messages = [
    { role: 'user', content: [{ type: 'text', text: `Tidy up the ${word}` }, ...(first?.content ?? [])] },
    ...rest,
  ]
  await say(request, { messages: messages as Message[] })
  await page.goto(`/conversations?q=${word}`)
  await page.getByRole('link', { name: `Tidy up the ${word}` }).click()
  const transcript = page.getByLabel('Transcript')
  await expect(transcript.getByText('Answer', { exact: true })).toBeVisible()
  const rows = transcript.locator('[data-index]')
  for (const place of [0.75, 0.5, 0.25, 0]) {
    await transcript.evaluate((box, share) => box.scrollTo({ top: box.scrollHeight * share }), place)
    await expect(rows.first()).toBeVisible()
    expect(await rows.count()).toBeLessThanOrEqual(400)
  }
  await expect(transcript.getByText(`Tidy up the ${word}`)).toBeVisible()
})

test('no conversation is an answer too, with a way out', async ({ page }) => {
  await page.goto('/conversations?q=wordthatnobodysaid')
  await expect(page.getByRole('heading', { name: 'No conversation matches' })).toBeVisible()
  await page.getByRole('button', { name: 'Clear the filters' }).click()
  await expect(page.getByRole('heading', { name: 'No conversation matches' })).toHaveCount(0)
})
