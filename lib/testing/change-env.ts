import { env, type Env } from '../env'

/** Changes what `env()` says until the returned function is called. */
export function changeEnv(changes: Partial<Env>): () => void {
  const store = globalThis as Record<symbol, unknown>
  const key = Symbol.for('nexus.env')
  const original = env()
  store[key] = { ...original, ...changes }
  return () => void (store[key] = original)
}
