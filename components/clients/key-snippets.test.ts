import { describe, expect, it } from 'vitest'
import { buildSnippets } from './key-snippets'

const connection = { baseUrl: 'https://nexus.example.com', key: 'cnp_live_example' }
const codes = Object.fromEntries(
  buildSnippets(connection).map(({ value, snippets }) => [value, snippets.map(({ code }) => code)]),
)

describe('the snippets of a key', () => {
  it('name the address and the key in every one', () => {
    for (const code of Object.values(codes).flat()) {
      expect(code).toContain(connection.baseUrl)
      expect(code).toContain(connection.key)
    }
  })

  it('never put the key where Claude Code would send it to other hosts', () => {
    for (const code of codes['claude-code'] ?? []) {
      expect(code).toContain('ANTHROPIC_AUTH_TOKEN')
      expect(code).not.toContain('ANTHROPIC_API_KEY')
    }
  })

  it('give settings.json as JSON that Claude Code reads', () => {
    expect(JSON.parse(codes['claude-code']?.[1] ?? '')).toEqual({
      env: {
        ANTHROPIC_BASE_URL: 'https://nexus.example.com',
        ANTHROPIC_AUTH_TOKEN: 'cnp_live_example',
        CLAUDE_CODE_GATEWAY_HINT_HEADERS: '1',
      },
    })
  })
})
