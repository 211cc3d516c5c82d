interface Snippet {
  readonly label: string
  readonly code: string
  /** Why it is written like this. */
  readonly note?: string
}

export interface SnippetGroup {
  readonly value: string
  readonly label: string
  readonly snippets: readonly Snippet[]
}

/** Cheap, and enough to see a first request. */
const model = 'claude-haiku-5-5'

interface Connection {
  /** Where clients reach this proxy, without a slash at the end. */
  readonly baseUrl: string
  readonly key: string
}

/** What to paste to use a key, by client. Pure. */
export function buildSnippets(connection: Connection): SnippetGroup[] {
  return [
    { value: 'claude-code', label: 'Claude Code', snippets: claudeCode(connection) },
    { value: 'typescript', label: 'TypeScript SDK', snippets: [typescript(connection)] },
    { value: 'python', label: 'Python SDK', snippets: [python(connection)] },
    { value: 'curl', label: 'curl', snippets: [curl(connection)] },
  ]
}

function claudeCode({ baseUrl, key }: Connection): Snippet[] {
  const variables = {
    ANTHROPIC_BASE_URL: baseUrl,
    // Given as ANTHROPIC_API_KEY, Claude Code would also show the key to Anthropic's own hosts.
    ANTHROPIC_AUTH_TOKEN: key,
    CLAUDE_CODE_GATEWAY_HINT_HEADERS: '1',
  }
  const pairs = Object.entries(variables)
  return [
    {
      label: 'Terminal (bash, zsh)',
      code: [...pairs.map(([name, value]) => `export ${name}=${value}`), 'claude'].join('\n'),
      note: 'Use ANTHROPIC_AUTH_TOKEN, not ANTHROPIC_API_KEY: the latter is also sent to Anthropic’s own hosts. The hint headers let the proxy tell sub-agents and compactions apart.',
    },
    { label: '~/.claude/settings.json', code: JSON.stringify({ env: variables }, null, 2) },
    { label: 'PowerShell', code: [...pairs.map(([name, value]) => `$env:${name} = "${value}"`), 'claude'].join('\n') },
  ]
}

function typescript({ baseUrl, key }: Connection): Snippet {
  const code = `import Anthropic from '@anthropic-ai/sdk'

const client = new Anthropic({
  baseURL: '${baseUrl}',
  apiKey: '${key}',
})

const message = await client.messages.create({
  model: '${model}',
  max_tokens: 100,
  messages: [{ role: 'user', content: 'Say hello.' }],
})
console.log(message.content)`
  return { label: 'TypeScript', code }
}

function python({ baseUrl, key }: Connection): Snippet {
  const code = `from anthropic import Anthropic

client = Anthropic(
    base_url="${baseUrl}",
    api_key="${key}",
)

message = client.messages.create(
    model="${model}",
    max_tokens=100,
    messages=[{"role": "user", "content": "Say hello."}],
)
print(message.content)`
  return { label: 'Python', code }
}

function curl({ baseUrl, key }: Connection): Snippet {
  const body = JSON.stringify({ model, max_tokens: 100, messages: [{ role: 'user', content: 'Say hello.' }] })
  const code = `curl ${baseUrl}/v1/messages \\
  -H "authorization: Bearer ${key}" \\
  -H "anthropic-version: 2023-06-01" \\
  -H "content-type: application/json" \\
  -d '${body}'`
  return { label: 'Terminal', code }
}
