import { findProgram } from '@/lib/testing/find-program'
import { startBalancer } from './balancer-front'
import { startCaddy } from './caddy-front'
import { startNginx } from './nginx-front'

/** What stands before the replicas. */
export interface Front {
  readonly url: string
  /** Before a replica leaves: new connections go to these ports alone; running streams stay where they are. */
  sendTo(ports: readonly number[]): Promise<void>
  stop(): Promise<void>
}

export interface FrontOptions {
  readonly ports: readonly number[]
  /** Where to listen. */
  readonly port: number
  /** Changes the recipe, as people do. */
  readonly spoil?: (recipe: string) => string
}

export interface FrontKind {
  readonly name: string
  start(options: FrontOptions): Promise<Front>
}

const programs = [
  { name: 'nginx', start: startNginx },
  { name: 'caddy', start: startCaddy },
].flatMap(({ name, start }) => {
  const program = findProgram(name)
  return program ? [{ name, start: (options: FrontOptions) => start(program, options) }] : []
})

/** The recipes of deploy/ whose program is on this machine; without one, something that balances at least. */
export const fronts: readonly FrontKind[] =
  programs.length > 0
    ? programs
    : [{ name: 'a balancer of connections (neither nginx nor Caddy is here)', start: startBalancer }]
