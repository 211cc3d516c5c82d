import { randomUUID } from 'node:crypto'
import { expect, type APIRequestContext, type Page } from '@playwright/test'
import { baseUrl, clientKey } from './stage'

interface Call {
  readonly model?: string
  readonly scenario?: string
  readonly stream?: boolean
  /** Default: that of the stage's domain. */
  readonly key?: string
  /** What is asked; default: that it is a state of a page. */
  readonly text?: string
}

/** One call in a session of its own, recorded; answers the id of its request. */
export async function record(request: APIRequestContext, call: Call = {}): Promise<string> {
  const { model = 'claude-opus-5-5', scenario, stream = false, key = clientKey, text = 'State' } = call
  const sessionId = randomUUID()
  const headers = {
    ...{ authorization: `Bearer ${key}`, 'anthropic-version': '2023-06-01' },
    ...{ 'x-claude-code-session-id': sessionId, 'anthropic-beta': 'claude-code-20250219' },
    ...(scenario ? { 'x-fake-scenario': scenario } : {}),
  }
  const messages = [{ role: 'user', content: `${text} ${sessionId}` }]
  const tools = [{ name: 'Bash', input_schema: {} }]
  const sent = fetch(`${baseUrl()}/v1/messages`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ model, max_tokens: 100, stream, messages, tools }),
  })
  // An answer that breaks off is what some calls are for.
  await sent.then((response) => response.text()).catch(() => null)
  let requestId = ''
  await expect(async () => {
    const listed = await request.get(`/api/requests?q=${sessionId}`)
    const { requests } = (await listed.json()) as { requests: { requestId: string }[] }
    requestId = requests[0]?.requestId ?? ''
    expect(requestId).not.toBe('')
  }).toPass()
  return requestId
}

/** The conversation that a recorded request belongs to. */
export async function conversationOf(page: Page, requestId: string): Promise<string> {
  const detail = (await (await page.request.get(`/api/requests/${requestId}`)).json()) as { conversationId: string }
  return detail.conversationId
}
