import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startFakeClaude, type FakeClaude, type FakeExchange } from '@/lib/testing/fake-claude'
import { startApp, type RunningApp } from '@/lib/testing/start-app'
import { tokensOf, waitForRow, type RecordedRow } from '../conformance/recorded-rows'
import { openClaudeCode, type ClaudeCode } from './claude-code'
import { agent } from './stories/story'

const clientKey = 'cnp_live_of-the-claude-code-test-0123456789'
const tools = ['--allowedTools', 'Bash', 'Write', 'Agent']

let fake: FakeClaude
let app: RunningApp
let credentials: string
let claude: ClaudeCode

beforeAll(async () => {
  fake = await startFakeClaude()
  credentials = await mkdtemp(path.join(tmpdir(), 'nexus-claude-code-'))
  const file = {
    type: 'api_key',
    accountId: 'acc_code',
    api_key: 'sk-ant-api03-of-the-account',
    client_api_key: clientKey,
  }
  await writeFile(path.join(credentials, 'code.example.com.credentials.json'), JSON.stringify(file), { mode: 0o600 })
  app = await startApp({ door: 'fast', env: { CLAUDE_API_BASE_URL: fake.url, CREDENTIALS_DIR: credentials } })
})
beforeEach(async () => {
  fake.reset()
  claude = await openClaudeCode({ baseUrl: app.url, token: clientKey })
})
afterEach(() => claude.remove())
afterAll(async () => {
  await app.stop()
  await fake.close()
  await rm(credentials, { recursive: true })
})

function rowOf(exchange: FakeExchange): Promise<RecordedRow> {
  return waitForRow(app, 'upstream_request_id = $1', exchange.requestId)
}

/** The rows of this test's calls in the order of the calls, each with the tokens that the upstream charged. */
async function trueRows(): Promise<RecordedRow[]> {
  return Promise.all(
    fake.requests.map(async (exchange) => {
      const row = await rowOf(exchange)
      expect(row).toMatchObject({
        ...tokensOf(exchange),
        outcome: 'completed',
        account_id: 'acc_code',
        cost_confidence: 'exact',
      })
      expect(row.request_sha).toBe(exchange.sha256)
      expect(row.response_sha).toBe(exchange.response.sha256)
      expect(row.session_id).toBe(exchange.header('x-claude-code-session-id'))
      return row
    }),
  )
}

function sessionsOf(rows: readonly RecordedRow[]): Set<string | null> {
  return new Set(rows.map((row) => row.session_id))
}

function conversationsOf(rows: readonly RecordedRow[]): Set<string | null> {
  return new Set(rows.map((row) => row.conversation_id))
}

describe('Claude Code through the proxy', () => {
  it('answers a prompt', async () => {
    expect(await claude.print('say hi')).toBe('You said: say hi\n')
    const [row, ...others] = await trueRows()
    expect(others).toEqual([])
    expect(row).toMatchObject({
      path: '/v1/messages',
      stop_reason: 'end_turn',
      is_streaming: true,
      domain: 'code.example.com',
    })
  })

  it('runs a tool and takes its result back', async () => {
    await claude.print('Use Bash {"command":"echo made > made.txt","description":"Make a file"}', ...tools)
    expect(await readFile(path.join(claude.workDir, 'made.txt'), 'utf8')).toBe('made\n')
    const [first, second] = await trueRows()
    expect(first).toMatchObject({ stop_reason: 'tool_use', tool_call_count: 1 })
    expect(second).toMatchObject({
      stop_reason: 'end_turn',
      parent_request_id: first?.request_id,
      conversation_id: first?.conversation_id,
    })
  })

  it('goes through several rounds of tools', async () => {
    await claude.print(
      'Use Bash {"command":"echo 1"} then Use Bash {"command":"echo 2"} then Use Bash {"command":"echo 3"}',
      ...tools,
    )
    const rows = await trueRows()
    expect(rows.map((row) => row.stop_reason)).toEqual(['tool_use', 'tool_use', 'tool_use', 'end_turn'])
    expect(conversationsOf(rows).size).toBe(1)
    expect(new Set(rows.map((row) => row.branch_id))).toEqual(new Set(['main']))
  })

  it('sends out a sub-agent and hears from it', async () => {
    const prompt = 'Look around. Use Bash {"command":"echo looking","description":"Look"}'
    const input = { description: 'Look around', prompt, subagent_type: 'general-purpose', run_in_background: false }
    await claude.print(`Use Agent ${JSON.stringify(input)}`, ...tools)
    const rows = await trueRows()
    const subtask = rows.filter((row) => row.agent_id !== null)
    const main = rows.filter((row) => row.agent_id === null)
    expect([main.length, subtask.length]).toEqual([2, 2])
    expect(sessionsOf(rows).size).toBe(1)
    for (const row of subtask)
      expect(row).toMatchObject({ is_subtask: true, parent_task_request_id: main[0]?.request_id })
    for (const row of main) expect(row).toMatchObject({ is_subtask: false, branch_id: 'main' })
    expect(conversationsOf(rows).size).toBe(1)
  })

  it('continues a conversation in a new process', async () => {
    await claude.print('say one')
    await claude.print('--continue', 'say two')
    const [first, second] = await trueRows()
    expect(second).toMatchObject({
      session_id: first?.session_id,
      conversation_id: first?.conversation_id,
      parent_request_id: first?.request_id,
      branch_id: 'main',
    })
  })

  it('keeps a forked session in its conversation', async () => {
    await claude.print('say one')
    await claude.print('--continue', 'say two')
    await claude.print('--continue', '--fork-session', 'say three')
    const rows = await trueRows()
    expect(sessionsOf(rows).size).toBe(2)
    expect(conversationsOf(rows).size).toBe(1)
    expect(rows[2]?.parent_request_id).toBe(rows[1]?.request_id)
  })

  it('keeps an agent that begins with the whole history apart from the conversation', async () => {
    await claude.print('say one')
    await claude.print(
      '--continue',
      agent({ prompt: 'say two', subagent_type: 'fork', run_in_background: false }),
      ...tools,
    )
    await claude.print('--continue', 'say three')
    const rows = await trueRows()
    const [, asking] = rows
    const main = rows.filter((row) => row.agent_id === null)
    expect(main.map((row) => row.branch_id)).toEqual(['main', 'main', 'main', 'main'])
    const forks = rows.filter((row) => row.agent_id !== null)
    expect(forks.map((row) => row.parent_task_request_id)).toEqual([asking?.request_id])
    expect(conversationsOf(rows).size).toBe(1)
  })

  it('has hooks that ask the model, and goes on without them', async () => {
    await mkdir(path.join(claude.workDir, '.claude'))
    const hooks = { Stop: [{ hooks: [{ type: 'prompt', prompt: 'Is all done?' }] }] }
    await writeFile(path.join(claude.workDir, '.claude/settings.json'), JSON.stringify({ hooks }))
    await claude.print('say one')
    await claude.print('--continue', 'say two')
    const rows = await trueRows()
    expect(rows.map((row) => row.kind)).toEqual(['main', 'side', 'main', 'side'])
    expect(conversationsOf(rows).size).toBe(1)
    expect(rows[2]).toMatchObject({ parent_request_id: rows[0]?.request_id, branch_id: 'main' })
  })

  it('tries an overloaded turn again, and it is one turn', async () => {
    await claude.print('say one')
    fake.next('error?status=529')
    await claude.print('--continue', 'say two')
    await claude.print('--continue', 'say three')
    const [first, overloaded, again, next] = await Promise.all(fake.requests.map(rowOf))
    expect(overloaded).toMatchObject({ status: 529, parent_request_id: first?.request_id })
    expect(again).toMatchObject({ attempt_of: overloaded?.request_id, branch_id: 'main' })
    expect(next).toMatchObject({ parent_request_id: again?.request_id, branch_id: 'main' })
  })

  it('is interrupted before the first word, and goes on where it stood', async () => {
    await claude.print('say one')
    fake.next('silent')
    const isAsked = () => fake.waitFor(({ body }) => body.includes('say much'), 30_000)
    await claude.interrupt(isAsked, ['--continue', 'say much'])
    await claude.print('--continue', 'say two')
    const [first, , next] = fake.requests
    const before = first && (await rowOf(first))
    const where = "outcome = 'client_aborted' AND session_id = $1"
    const interrupted = await waitForRow(app, where, before?.session_id)
    expect(interrupted.parent_request_id).toBe(before?.request_id)
    expect(next && (await rowOf(next))).toMatchObject({ parent_request_id: before?.request_id, branch_id: 'main' })
  })

  it('stays in its conversation over a compaction', async () => {
    await claude.print('say one')
    await claude.print('--continue', '/compact')
    await claude.print('--continue', 'say two')
    const rows = await trueRows()
    expect(conversationsOf(rows).size).toBe(1)
    expect(rows.at(-1)?.branch_id).toMatch(/^compact_/)
  })

  it('says what the upstream says when it refuses', async () => {
    fake.next('error?status=403&message=Not for this key')
    await expect(claude.print('say hi')).rejects.toThrow('Not for this key')
    const row = await waitForRow(app, 'upstream_request_id = $1', fake.requests[0]?.requestId)
    expect(row).toMatchObject({ status: 403, outcome: 'upstream_error', error_type: 'permission_error' })
  })

  it('gives up at once on a wrong key', async () => {
    const stranger = await openClaudeCode({ baseUrl: app.url, token: 'cnp_live_wrong-0123456789' })
    await expect(stranger.print('say hi')).rejects.toThrow('Invalid client API key')
    expect(fake.requests).toEqual([])
    await stranger.remove()
  })
})
