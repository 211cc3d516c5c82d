import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseEnv } from 'node:util'
import { startApp, type RunningApp } from '@/lib/testing/start-app'

/** A folder like the one an operator works in: the program, a .env, a credential file, data and a log of its own. */
export interface Installation {
  readonly app: RunningApp
  readonly isRunning: boolean
  stop(): Promise<void>
  start(): Promise<void>
  restart(): Promise<void>
  /** Runs a script with bash in the folder; resolves with what it printed. */
  run(script: string): Promise<{ code: number; output: string }>
  remove(): Promise<void>
}

interface InstallationOptions {
  /** Lines of .env. */
  readonly settings: Readonly<Record<string, string>>
  /** What is special about the account and the client key of team-a.example.com. */
  readonly account: { readonly api_key: string; readonly client_api_key: string }
  /** What scripts find in their shell, besides NEXUS_URL. */
  readonly shell: Readonly<Record<string, string>>
}

const own = new Set(['.env', '.git', '.cache', 'credentials', 'data', 'test-results'])
const patienceMs = 110_000

export async function makeInstallation({ settings, account, shell }: InstallationOptions): Promise<Installation> {
  const folder = mkdtempSync(path.join(tmpdir(), 'nexus-installation-'))
  for (const name of readdirSync('.').filter((entry) => !own.has(entry)))
    symlinkSync(path.resolve(name), path.join(folder, name))
  mkdirSync(path.join(folder, 'credentials'))
  const file = { type: 'api_key', accountId: 'acc_team_a', ...account }
  const name = 'team-a.example.com.credentials.json'
  writeFileSync(path.join(folder, 'credentials', name), JSON.stringify(file), { mode: 0o600 })
  writeFileSync(path.join(folder, '.env'), lines(settings))
  let app = await startIn(folder)
  let isRunning = true
  const { url } = app
  writeFileSync(path.join(folder, '.env'), lines({ PORT: new URL(url).port }), { flag: 'a' })
  const stop = async () => {
    if (isRunning) await app.stop()
    isRunning = false
  }
  const start = async () => {
    app = await startIn(folder, Number(new URL(url).port))
    isRunning = true
  }
  return {
    get app() {
      return app
    },
    get isRunning() {
      return isRunning
    },
    stop,
    start,
    restart: () => stop().then(start),
    run: (script) => runScript(script, { folder, shell: { NEXUS_URL: url, ...shell } }),
    async remove() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const lines = (settings: Readonly<Record<string, string>>) =>
  Object.entries(settings)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')

/** What .env says, it says itself: only what startApp would set otherwise is handed in. */
function startIn(folder: string, port?: number): Promise<RunningApp> {
  const { CLAUDE_API_BASE_URL = '' } = parseEnv(readFileSync(path.join(folder, '.env'), 'utf8'))
  const env = { CLAUDE_API_BASE_URL, CREDENTIALS_DIR: path.join(folder, 'credentials') }
  const places = { cwd: folder, dataDir: path.join(folder, 'data'), logFile: path.join(folder, 'nexus.log') }
  return startApp({ door: 'fast', ...places, port, env })
}

function runScript(
  script: string,
  { folder, shell }: { folder: string; shell: Readonly<Record<string, string>> },
): Promise<{ code: number; output: string }> {
  const { PATH = '', HOME = '' } = process.env
  const quiet = { NO_UPDATE_NOTIFIER: '1', npm_config_loglevel: 'error' }
  const env = { PATH, HOME, ...quiet, ...shell } as unknown as NodeJS.ProcessEnv
  return new Promise((resolve) => {
    // A command that fails ends the block, so that none hides behind the one after it.
    const asSeen = `exec 2>&1\n${script}`
    execFile('bash', ['-e', '-c', asSeen], { cwd: folder, env, timeout: patienceMs }, (error, output) =>
      resolve({ code: error ? Number(error.code ?? 1) : 0, output }),
    )
  })
}
