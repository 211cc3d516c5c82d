import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { FakeClaude, FakeExchange } from '@/lib/testing/fake-claude'
import { openClaudeCode, type ClaudeCode, type Environment } from '../claude-code'
import { Terminal } from '../terminal'

/** What a user does with the client; its calls become the fixtures of one folder. */
export interface Story {
  /** Of the folder. */
  readonly name: string
  /** What each call is, in the order of the calls. */
  readonly calls: readonly string[]
  /** Calls that are no part of it: the client asks for more than one needs. */
  readonly isLeftOut?: (exchange: FakeExchange) => boolean
  play(scene: Scene): Promise<void>
}

interface OpenOptions {
  readonly version?: string
  readonly env?: Readonly<Environment>
}

/** Where a story is played: a fake upstream and clients that speak to it. */
export class Scene {
  private readonly opened: ClaudeCode[] = []
  private readonly terminals: Terminal[] = []

  constructor(
    readonly fake: FakeClaude,
    readonly token: string,
  ) {}

  async open({ version, env }: OpenOptions = {}): Promise<ClaudeCode> {
    const claude = await openClaudeCode({ baseUrl: this.fake.url, token: this.token, version, env })
    this.opened.push(claude)
    return claude
  }

  async openTerminal(claude: ClaudeCode, ...args: string[]): Promise<Terminal> {
    const terminal = await Terminal.open(claude, args)
    this.terminals.push(terminal)
    return terminal
  }

  /** Every later answer says that its prompt was this long; null: as long as it is. */
  countPromptsAs(tokens: number | null): void {
    this.fake.forCredential(this.token, tokens === null ? null : `auto?prompt=${tokens}`)
  }

  /** Resolves when a call with these words has been answered. */
  async answered(words: string, path = '/v1/messages'): Promise<FakeExchange> {
    const fits = (exchange: FakeExchange) =>
      exchange.response.finished && exchange.path === path && !isTitle(exchange) && exchange.body.includes(words)
    return this.fake.waitFor(fits, 30_000)
  }

  /** Resolves when a call with these words has come. */
  async asked(words: string): Promise<FakeExchange> {
    return this.fake.waitFor(({ body }) => body.includes(words), 30_000)
  }

  /** Resolves when that many calls with these words have been answered. */
  async answeredTimes(words: string, times: number): Promise<void> {
    const hasWords = ({ response, body }: FakeExchange) => response.finished && body.includes(words)
    await this.fake.waitFor(() => this.fake.requests.filter(hasWords).length >= times, 30_000)
  }

  /** What the folders are called in the fixtures. */
  folderNames(): Record<string, string> {
    return Object.fromEntries(
      this.opened.flatMap(({ workDir, env }) => [
        [workDir, '/home/dev/project'],
        [env.HOME ?? '', '/home/dev'],
      ]),
    )
  }

  async close(): Promise<void> {
    for (const terminal of this.terminals) terminal.kill()
    for (const claude of this.opened) await claude.remove()
  }
}

export function isTitle({ body }: FakeExchange): boolean {
  return body.includes('"json_schema"')
}

/** A greeting without a credential. */
export function isHello({ method }: FakeExchange): boolean {
  return method === 'HEAD'
}

export function isTokenCount({ path: endpoint }: FakeExchange): boolean {
  return endpoint === '/v1/messages/count_tokens'
}

export function bash(command: string): string {
  return `Use Bash ${JSON.stringify({ command, description: 'Run it' })}`
}

export function agent(input: object): string {
  return `Use Agent ${JSON.stringify({ description: 'Look around', subagent_type: 'general-purpose', ...input })}`
}

/** Files in the client's folder, each some thousand tokens long, and the prompt that reads them all at once. */
export async function readLongFiles(claude: ClaudeCode, count: number): Promise<string> {
  const files = Array.from({ length: count }, (_, index) => path.join(claude.workDir, `part-${index}.txt`))
  const lines = (file: string) =>
    Array.from({ length: 800 }, (_, line) => `line ${line} of ${path.basename(file)}, in words`)
  await Promise.all(files.map((file) => writeFile(file, lines(file).join('\n'))))
  return files.map((file) => `Use Read ${JSON.stringify({ file_path: file })}`).join(' and ')
}
