import { shared } from '@/lib/shared'

const state = () => shared<{ problem: string | null }>('boot-state', () => ({ problem: null }))

/** Why this process is not fully up yet (database away, a migration missing); null = nothing is missing. */
export function getBootProblem(): string | null {
  return state().problem
}

export function setBootProblem(problem: string | null): void {
  state().problem = problem
}
