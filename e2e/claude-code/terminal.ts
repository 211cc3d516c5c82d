import { spawn, type ChildProcess } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { ClaudeCode } from './claude-code'

/** Long enough for the client to have drawn what came before. */
const settleMs = 1_500
/** Faster keys would count as pasted. */
const keyMs = 20

/** The client in a terminal of its own, for what it does nowhere else. Only for taking fixtures: it waits for time. */
export class Terminal {
  private constructor(private readonly script: ChildProcess) {}

  /** Started with this prompt; what a new user is asked first is answered already. */
  static async open(claude: ClaudeCode, args: readonly string[]): Promise<Terminal> {
    const project = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true, allowedTools: [] }
    const answered = { hasCompletedOnboarding: true, theme: 'dark', projects: { [claude.workDir]: project } }
    await writeFile(path.join(claude.env.HOME ?? '', '.claude.json'), JSON.stringify(answered))
    const command = [...claude.command, ...args].map((word) => `'${word}'`).join(' ')
    return new Terminal(
      spawn('script', ['-qefc', `stty rows 50 cols 150; exec ${command}`, '/dev/null'], {
        cwd: claude.workDir,
        env: { ...claude.env, DISABLE_AUTOUPDATER: '1' } as unknown as NodeJS.ProcessEnv,
        stdio: ['pipe', 'ignore', 'ignore'],
      }),
    )
  }

  async enter(line: string): Promise<void> {
    await pause(settleMs)
    for (const letter of line) await this.press(letter)
    await pause(settleMs / 3)
    await this.press('\r')
  }

  /** A key in a menu, which is drawn anew after each. */
  async chooseWith(key: string): Promise<void> {
    await pause(settleMs / 2)
    await this.press(key)
  }

  /** Away with what the client wrote into the line of itself. */
  async eraseLine(): Promise<void> {
    await pause(settleMs)
    await this.press('\u0015')
  }

  async press(key: string): Promise<void> {
    this.script.stdin?.write(key)
    await pause(keyMs)
  }

  async close(): Promise<void> {
    // What was answered last is not yet in the transcript that the client keeps.
    await pause(settleMs)
    const closed = new Promise((resolve) => this.script.once('close', resolve))
    this.kill()
    await closed
  }

  /** Away with it, whatever it is doing; no harm when it is gone already. */
  kill(): void {
    this.script.kill()
  }
}
