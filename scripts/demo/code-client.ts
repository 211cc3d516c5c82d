import type { HeaderList } from '@/lib/proxy/ports'
import type { DemoCaller } from './calls'

/** What a coding client sends along with every turn: who it is, its tools, and where it works. */

export interface Project {
  readonly directory: string
  readonly branch: string
}

export interface AgentIds {
  readonly sessionId: string
  /** Of a sub-agent. */
  readonly agentId?: string
  readonly parentAgentId?: string
}

export interface DemoTool {
  readonly name: string
  readonly description: string
  readonly input_schema: object
}

const text = { type: 'string' }
const aTool = (name: string, about: string, properties: object): DemoTool => ({
  name,
  description: `${about} ${'Use it for what it is made for, and say in a few words what you expect of it. '.repeat(9)}`,
  input_schema: { type: 'object', properties, additionalProperties: false },
})

export const codeTools: readonly DemoTool[] = [
  aTool('Agent', 'Starts an agent of its own for a part of the work.', { description: text, prompt: text }),
  aTool('Bash', 'Runs a command in a shell.', { command: text, description: text }),
  aTool('Edit', 'Replaces a text in a file.', { file_path: text, old_string: text, new_string: text }),
  aTool('Glob', 'Finds files by their names.', { pattern: text }),
  aTool('Grep', 'Finds a pattern in files.', { pattern: text, path: text, glob: text }),
  aTool('Read', 'Reads a file.', { file_path: text, offset: { type: 'number' } }),
  aTool('TodoWrite', 'Keeps the list of what is to be done.', { todos: { type: 'array' } }),
  aTool('WebFetch', 'Reads a page of the web.', { url: text, prompt: text }),
  aTool('WebSearch', 'Searches the web.', { query: text }),
  aTool('Write', 'Writes a file.', { file_path: text, content: text }),
]

export const issueTools: readonly DemoTool[] = [
  aTool('mcp__github__get_issue', 'Reads an issue.', { owner: text, repo: text, number: { type: 'number' } }),
  aTool('mcp__github__create_pull_request', 'Opens a pull request.', { title: text, head: text, body: text }),
]

export const databaseTools: readonly DemoTool[] = [
  aTool('mcp__postgres__query', 'Runs a query that only reads.', { sql: text }),
]

export function systemOf({ directory, branch }: Project): readonly object[] {
  const isCached = { cache_control: { type: 'ephemeral' } }
  return [
    { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.330.205; cc_entrypoint=cli;' },
    { type: 'text', text: 'You are Claude Code, Anthropic’s official CLI for Claude.', ...isCached },
    { type: 'text', text: `You help with software. ${houseRules}\n${environmentOf(directory, branch)}`, ...isCached },
  ]
}

export const subagentSystem = [
  {
    type: 'text',
    text: `You are an agent for Claude Code. Do the one task you were given and report. ${'Be thorough; change nothing that you were not asked to change. '.repeat(40)}`,
    cache_control: { type: 'ephemeral' },
  },
]

const houseRules = 'Follow the conventions of the repository; be brief; never guess. '.repeat(60)

function environmentOf(directory: string, branch: string): string {
  return [
    'Here is useful information about the environment you are running in:',
    '<env>',
    `Working directory: ${directory}`,
    'Is directory a git repo: Yes',
    'Platform: linux',
    '</env>',
    'gitStatus: the state of the repository at the start of the conversation.',
    `Current branch: ${branch}`,
    'Main branch: main',
    'Status: (clean)',
  ].join('\n')
}

export function metadataOf({ clientKeyId }: DemoCaller, { sessionId }: AgentIds): object {
  return { user_id: JSON.stringify({ device_id: clientKeyId, account_uuid: '', session_id: sessionId }) }
}

/** Side calls do not announce themselves as turns. */
export function codeHeaders({ sessionId, agentId, parentAgentId }: AgentIds, isTurn: boolean): HeaderList {
  const beta = isTurn ? 'claude-code-20250219,interleaved-thinking-2025-05-14' : 'interleaved-thinking-2025-05-14'
  return [
    ['user-agent', 'claude-cli/2.1.330 (external, cli)'],
    ['content-type', 'application/json'],
    ['anthropic-version', '2023-06-01'],
    ['anthropic-beta', beta],
    ['x-claude-code-session-id', sessionId],
    ...(agentId ? ([['x-claude-code-agent-id', agentId]] as const) : []),
    ...(parentAgentId ? ([['x-claude-code-parent-agent-id', parentAgentId]] as const) : []),
    ['x-app', 'cli'],
    ['authorization', '…'],
  ]
}
