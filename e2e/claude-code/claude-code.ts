import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'

/** The version that the fixtures were taken from and the tests speak to. */
export const claudeCodeVersion = '2.1.330'

const timeLimitMs = 60_000

export interface ClaudeCode {
  /** The folder that the client works in. */
  readonly workDir: string
  /** Runs it in print mode; throws with everything it printed when it fails. */
  print(...args: string[]): Promise<string>
  /** Its environment: nothing of ours but the path. */
  readonly env: NodeJS.ProcessEnv
  readonly program: string
  remove(): Promise<void>
}

function findProgram(): string {
  const platform = `claude-code-${process.platform}-${process.arch}`
  const program = path.resolve('.cache/claude-code/node_modules/@anthropic-ai', platform, 'claude')
  if (!existsSync(program)) throw new Error('Claude Code is not there: `npm run test:claude-code` installs it.')
  return program
}

/** A client with a home and a working folder of its own, pointed at `baseUrl`. */
export async function openClaudeCode(options: {
  baseUrl: string
  token: string
  env?: NodeJS.ProcessEnv
}): Promise<ClaudeCode> {
  const home = await mkdtemp(path.join(tmpdir(), 'nexus-claude-home-'))
  const workDir = await mkdtemp(path.join(tmpdir(), 'nexus-claude-work-'))
  const program = findProgram()
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    TERM: 'xterm',
    ANTHROPIC_BASE_URL: options.baseUrl,
    ANTHROPIC_AUTH_TOKEN: options.token,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    ...options.env,
  } as NodeJS.ProcessEnv

  const print = async (...args: string[]) => {
    const child = spawn(program, ['-p', ...args], {
      cwd: workDir,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeLimitMs,
    })
    const exit = new Promise<number | null>((resolve, reject) => child.once('exit', resolve).once('error', reject))
    const [output, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), exit])
    if (code !== 0) throw new Error(`Claude Code ended with ${code}.\n${output}\n${complaint}`)
    return output
  }
  const remove = async () => {
    await rm(home, { recursive: true, force: true })
    await rm(workDir, { recursive: true, force: true })
  }
  return { workDir, env, program, print, remove }
}
