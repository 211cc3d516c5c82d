import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { agent, bash, isHello, type Story } from './story'

/** The client keeps its history upstream when told to; the first variable makes it believe to speak to Anthropic. */
const threading = { _CLAUDE_CODE_ASSUME_FIRST_PARTY_BASE_URL: '1', CLAUDE_CODE_TETHER_LIVE: '1' }

/** A thread with a tool, one that the upstream has forgotten, and one in a new process with an agent's beside it. */
export const threads: Story = {
  name: 'threads',
  calls: [
    'creates',
    'continues-with-tool-result',
    'continues-with-prompt',
    'continues-what-is-lost',
    'creates-again',
    'continues',
    'other-process-creates',
    'subagent-creates',
    'continues-with-agent-result',
  ],
  isLeftOut: isHello,
  async play(scene) {
    const claude = await scene.open({ env: threading })
    const terminal = await scene.openTerminal(claude, bash('echo one'), '--allowedTools', 'Bash')
    await scene.answered('"tool_result"')
    await terminal.enter('Say it once more.')
    await scene.answered('Say it once more.')
    scene.fake.next('error?status=404&code=thread_not_found&message=Thread not found.')
    await terminal.enter('Say it again.')
    await scene.fake.waitFor(({ response, body }) => response.status === 200 && body.includes('Say it again.'), 30_000)
    await terminal.enter('Say the last thing.')
    await scene.answered('Say the last thing.')
    await terminal.close()
    const prompt = agent({ prompt: 'Look around.', run_in_background: false })
    await claude.print('--continue', prompt, '--allowedTools', 'Agent')
  },
}

/** Before anything else a subscriber's client asks how much of the plan is left. */
export const quota: Story = {
  name: 'quota',
  calls: ['quota', 'session-title', 'first-turn'],
  isLeftOut: isHello,
  async play(scene) {
    const env = {
      ANTHROPIC_AUTH_TOKEN: undefined,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: undefined,
      _CLAUDE_CODE_ASSUME_FIRST_PARTY_BASE_URL: '1',
    }
    const claude = await scene.open({ env })
    const folder = path.join(claude.env.HOME ?? '', '.claude')
    await mkdir(folder, { recursive: true })
    const claudeAiOauth = {
      accessToken: 'sk-ant-oat01-capture',
      refreshToken: 'sk-ant-ort01-capture',
      expiresAt: Date.now() + 86_400_000,
      scopes: ['user:inference', 'user:profile', 'user:sessions:claude_code'],
      subscriptionType: 'max',
    }
    await writeFile(path.join(folder, '.credentials.json'), JSON.stringify({ claudeAiOauth }))
    const terminal = await scene.openTerminal(claude, 'Say one thing.')
    await scene.answered('"quota"')
    await scene.answered('Say one thing.')
    await terminal.close()
  },
}
