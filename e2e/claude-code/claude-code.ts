import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'

/** The version that the fixtures were taken from and the tests speak to. */
const claudeCodeVersion = '2.1.330'

const timeLimitMs = 60_000

export type Environment = Record<string, string | undefined>

export interface ClaudeCode {
  /** The folder that the client works in. */
  readonly workDir: string
  /** Runs it in print mode; throws with everything it printed when it fails. */
  print(...args: string[]): Promise<string>
  /** Runs it in print mode and presses Ctrl-C once this has happened; resolves when it has ended. */
  interrupt(happened: () => Promise<unknown>, args: readonly string[]): Promise<void>
  /** Its environment: nothing of ours but the path. */
  readonly env: Environment
  /** How it is started: the program and what comes before its own arguments. */
  readonly command: readonly string[]
  remove(): Promise<void>
}

/** Today's client is a program; the first ones were scripts. Older ones are installed by hand (see capture.ts). */
function findCommand(version: string): string[] {
  const isTested = version === claudeCodeVersion
  const modules = path.resolve(`.cache/claude-code${isTested ? '' : `-${version}`}`, 'node_modules/@anthropic-ai')
  const script = path.join(modules, 'claude-code', 'cli.js')
  const program = path.join(modules, `claude-code-${process.platform}-${process.arch}`, 'claude')
  if (existsSync(program)) return [program]
  if (!isTested && existsSync(script)) return [process.execPath, script]
  throw new Error(`Claude Code ${version} is not there: \`npm run test:claude-code\` installs ${claudeCodeVersion}.`)
}

/** A client with a home and a working folder of its own, pointed at `baseUrl`. */
export async function openClaudeCode(options: {
  baseUrl: string
  token: string
  env?: Readonly<Environment>
  version?: string
}): Promise<ClaudeCode> {
  const home = await mkdtemp(path.join(tmpdir(), 'nexus-claude-home-'))
  const workDir = await mkdtemp(path.join(tmpdir(), 'nexus-claude-work-'))
  const command = findCommand(options.version ?? claudeCodeVersion)
  const env: Environment = {
    PATH: process.env.PATH,
    HOME: home,
    TERM: 'xterm',
    ANTHROPIC_BASE_URL: options.baseUrl,
    ANTHROPIC_AUTH_TOKEN: options.token,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    ...options.env,
  }

  const start = (args: readonly string[]) => {
    const [program = '', ...first] = command
    const child = spawn(program, [...first, '-p', ...args], {
      cwd: workDir,
      env: env as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeLimitMs,
    })
    const exit = new Promise<number | null>((resolve, reject) => child.once('exit', resolve).once('error', reject))
    return { child, exit }
  }
  const print = async (...args: string[]) => {
    const { child, exit } = start(args)
    const [output, complaint, code] = await Promise.all([text(child.stdout), text(child.stderr), exit])
    if (code !== 0) throw new Error(`Claude Code ended with ${code}.\n${output}\n${complaint}`)
    return output
  }
  const interrupt = async (happened: () => Promise<unknown>, args: readonly string[]) => {
    const { child, exit } = start(args)
    await happened()
    child.kill('SIGINT')
    await exit
  }
  const remove = async () => {
    await rm(home, { recursive: true, force: true })
    await rm(workDir, { recursive: true, force: true })
  }
  return { workDir, env, command, print, interrupt, remove }
}
