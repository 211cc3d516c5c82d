import Anthropic from '@anthropic-ai/sdk'
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema'
import type { Scene, Story } from './story'

const model = 'claude-opus-5-5'
const asked = { model, max_tokens: 1_000 }

/** An agent made with the SDK: no sessions, no ids of agents; what belongs together is told by content alone. */
export const sdk: Story = {
  name: 'sdk',
  calls: [
    'token-count',
    'asks-search',
    'goes-on-from-search',
    'thread-created',
    'thread-continued',
    'runner-asks-tool',
    'runner-tool-result',
    'runner-compaction',
    'goes-on-from-compaction',
    'goes-on-further',
  ],
  async play(scene) {
    const client = new Anthropic({ apiKey: scene.token, baseURL: scene.fake.url })
    await search(client, scene)
    await keepThread(client)
    await compact(client)
  },
}

async function search(client: Anthropic, { fake }: Scene): Promise<void> {
  const tools = [{ type: 'web_search_20250305' as const, name: 'web_search' as const, max_uses: 3 }]
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Search for what a proxy is.' }]
  await client.messages.countTokens({ model, messages, tools })
  fake.next('web-search')
  const { content } = await client.messages.stream({ ...asked, messages, tools }).finalMessage()
  messages.push({ role: 'assistant', content }, { role: 'user', content: 'Is that all?' })
  await client.messages.create({ ...asked, messages, tools })
}

/** The upstream keeps the history. */
async function keepThread(client: Anthropic): Promise<void> {
  const thread = client.beta.messages.thread(asked)
  await thread.send({ role: 'user', content: 'Remember the word.' })
  await thread.send({ role: 'user', content: 'Which word?' })
}

/** The upstream writes the summary, and the history begins with its answer. */
async function compact(client: Anthropic): Promise<void> {
  const look = betaTool({
    name: 'look',
    description: 'Looks there.',
    inputSchema: { type: 'object', properties: { at: { type: 'string' } } },
    run: () => 'Nothing is there.',
  })
  const runner = client.beta.messages.toolRunner({
    ...asked,
    tools: [look],
    messages: [{ role: 'user', content: 'Use look {"at":"the left"}' }],
  })
  let isFirst = true
  for await (const _message of runner) {
    if (!isFirst) runner.compactBeforeNextTurn()
    isFirst = false
  }
  const messages = [...runner.params.messages, { role: 'user' as const, content: 'And now?' }]
  const { content } = await client.beta.messages.create({ ...asked, messages, tools: [look] })
  messages.push({ role: 'assistant', content }, { role: 'user', content: 'And then?' })
  await client.beta.messages.create({ ...asked, messages, tools: [look] })
}
