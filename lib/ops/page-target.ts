const ofTheApi = /^\/api([/?]|$)/
const notFound = { api: '/api', page: '/_not-found' } as const

/**
 * What Next shall answer. An address that cannot be decoded names nothing (Next would answer 500), nor does one of a
 * page with U+0000: PostgreSQL keeps no such text. Handlers of the API see to the latter themselves.
 */
export function pageTarget(target: string): string {
  const isApi = ofTheApi.test(target)
  const holdsNul = !isApi && target.includes('%00')
  return holdsNul || !isDecodable(target.split('?', 1)[0] ?? '') ? notFound[isApi ? 'api' : 'page'] : target
}

function isDecodable(path: string): boolean {
  try {
    return decodeURIComponent(path) !== ''
  } catch {
    // Not percent-encoded UTF-8: that is the answer.
    return false
  }
}
