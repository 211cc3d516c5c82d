/**
 * Process-wide singletons. Next builds instrumentation, route handlers and server.ts into separate module
 * graphs, so module-level state exists several times in one process; globalThis exists once.
 */
export function shared<T>(name: string, make: () => T): T {
  const store = globalThis as unknown as Record<symbol, T | undefined>
  const key = Symbol.for(`nexus.${name}`)
  return (store[key] ??= make())
}
