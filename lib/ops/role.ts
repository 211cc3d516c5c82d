/** Who does what when the work is split over processes; `all` does everything, `serve` all but the jobs. */
export type ProcessRole = 'all' | 'serve' | 'proxy' | 'web' | 'worker'

const operations = /^\/(health(\/.*)?|metrics)$/
const claudeApi = /^\/(v1|api\/hello|api\/event_logging)(\/|$)/

/** Whether a process of the role answers a path. Its state every one tells: health and metrics. */
export function isServedBy(role: ProcessRole, target: string): boolean {
  if (role === 'all' || role === 'serve') return true
  const path = target.split('?', 1)[0] ?? ''
  if (operations.test(path)) return true
  if (role === 'worker') return false
  // The root page is also what a client of the Claude API knocks at.
  if (path === '/') return true
  return claudeApi.test(path) === (role === 'proxy')
}

/** Whether a process of the role does what nobody waits for: sweeps, alerts. */
export function runsJobs(role: ProcessRole): boolean {
  return role === 'all' || role === 'worker'
}

/** The answer to what another process serves: the reverse proxy in front leads the wrong way. */
export function refuseForRole(role: ProcessRole): Response {
  const message = `This process has ROLE=${role} and does not serve this path.`
  const body = { type: 'error', error: { type: 'not_found_error', message } }
  return Response.json(body, { status: 404, headers: { 'x-should-retry': 'false' } })
}
