const base = 'http://nexus.invalid'
const unusual = /[^!#-[\]_a-z~]/
const foreign = /^\/[/@]/
const ownDoors = /^\/(login|setup|api)([/?#]|$)/

/**
 * Where to go after the login: a path of our own, or `/`. Whatever a browser could read as another origin
 * (`//host`, backslashes, control characters, a scheme, user info) is answered with `/`. With `ownOrigin` a whole
 * address of ours is taken, too.
 */
export function safeCallbackPath(given: string | null | undefined, ownOrigin = ''): string {
  if (!given) return '/'
  return safePath(given.startsWith(`${ownOrigin}/`) ? given.slice(ownOrigin.length) : given)
}

function safePath(given: string): string {
  if (!given.startsWith('/') || given.length > 2_000 || unusual.test(given) || foreign.test(given)) return '/'
  const url = URL.canParse(given, base) ? new URL(given, base) : null
  if (url?.origin !== base) return '/'
  const path = url.pathname + url.search + url.hash
  // Dot segments may have uncovered a second slash: `/.//host`.
  return foreign.test(path) || ownDoors.test(path) ? '/' : path
}
