import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isAlive, openPostgresHome } from '@/lib/postgres/home'
import { findPostgresProgram } from '@/lib/postgres/program'
import { endServer, reachServer, urlOf, type Cluster, type Server } from '@/lib/postgres/server'
import { freePort } from '@/lib/testing/free-port'
import { waitUntil } from '@/lib/testing/wait-until'

const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: '60', fsync: 'off' }

/** A PostgreSQL that stops, crashes, freezes and comes back as a test wants. */
export class ControlledPostgres {
  /** A case that timed out may be in the middle of it. */
  private starting = Promise.resolve()
  private isClosed = false

  private constructor(
    private readonly dataDir: string,
    private readonly cluster: Cluster & { readonly port: number },
    private server: Server,
  ) {}

  static async start(): Promise<ControlledPostgres> {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'nexus-faults-postgres-'))
    const program = findPostgresProgram()
    const home = await openPostgresHome(dataDir, program)
    const cluster = { home, program, settings, port: await freePort() }
    return new ControlledPostgres(dataDir, cluster, await reachServer(cluster, new AbortController().signal))
  }

  get port(): number {
    return this.cluster.port
  }

  /** Its address, or that of something in front of it. */
  url(port = this.port): string {
    return urlOf(this.cluster, port, 'nexus')
  }

  /** Ends its sessions and writes everything out. */
  async stop(): Promise<void> {
    await this.server.hold.end().catch(() => undefined)
    await endServer(this.server.pid)
  }

  /** As a crash: it recovers at the next start. */
  async crash(): Promise<void> {
    const { pid } = this.server
    process.kill(pid, 'SIGQUIT')
    await waitUntil(() => !isAlive(pid), { timeoutMs: 30_000, what: 'the crash of PostgreSQL' })
  }

  async start(): Promise<void> {
    this.starting = this.reach()
    await this.starting
  }

  private async reach(): Promise<void> {
    if (this.isClosed) throw new Error('The case of this PostgreSQL is over.')
    this.server = await reachServer(this.cluster, new AbortController().signal)
  }

  freeze(): void {
    for (const pid of this.processes()) signal(pid, 'SIGSTOP')
  }

  thaw(): void {
    for (const pid of this.processes()) signal(pid, 'SIGCONT')
  }

  async close(): Promise<void> {
    this.isClosed = true
    await this.starting.catch(() => undefined)
    if (isAlive(this.server.pid)) {
      this.thaw()
      await this.stop()
    }
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  /** The server and its children, by field 4 of /proc/<pid>/stat, counted after the name. */
  private processes(): number[] {
    const { pid } = this.server
    const children = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((name) => parentOf(name) === pid)
    return [pid, ...children.map(Number)]
  }
}

function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name)
  } catch {
    // A child that has ended meanwhile needs no signal.
  }
}

function parentOf(pid: string): number | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    // It has ended meanwhile.
    return null
  }
}
