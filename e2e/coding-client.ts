import { randomUUID } from 'node:crypto'
import { expect, type APIRequestContext } from '@playwright/test'
import { baseUrl, clientKey } from './stage'

export interface Message {
  readonly role: 'user' | 'assistant'
  readonly content: unknown
}

interface Turn {
  readonly messages: readonly Message[]
  /** Default: one of its own. */
  readonly sessionId?: string
  readonly model?: string
}

/** Sends a turn as a coding client does and answers what the model said. */
export async function say(request: APIRequestContext, turn: Turn): Promise<unknown> {
  const { messages, sessionId = randomUUID(), model = 'claude-opus-5-5' } = turn
  const response = await request.post(`${baseUrl()}/v1/messages`, {
    headers: {
      authorization: `Bearer ${clientKey}`,
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'claude-code-20250219',
      'x-claude-code-session-id': sessionId,
    },
    data: { model, max_tokens: 100, tools: [{ name: 'Bash', input_schema: {} }], messages },
  })
  expect(response.status()).toBe(200)
  return ((await response.json()) as { content: unknown }).content
}
