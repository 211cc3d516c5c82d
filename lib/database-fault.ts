/**
 * What a failed transaction means for its records.
 * `outage`: the database is away or busy; the same batch succeeds later. `record`: something in the batch is
 * refused for its own reason. `unknown`: neither is sure (a trigger's exception, a bug).
 */
type DatabaseFault = 'outage' | 'conflict' | 'record' | 'unknown'

/** Two transactions met; at once again. */
const conflicts = new Set(['40001', '40P01', '55P03'])
/** Classes: connection, resources, operator intervention, system, invalid credentials, configuration file; Prisma's of the connection. */
const outageClasses = new Set(['08', '53', '57', '58', '28', 'F0', '25', 'P1'])
/** Missing tables, columns, rights or databases: a migration or a grant is on its way. */
const outageCodes = new Set(['42P01', '42703', '42501', '3D000', '3F000', '42883', '0A000'])
/** Classes: data exception, integrity constraint, program limit. */
const recordClasses = new Set(['22', '23', '54'])

export function classifyFault(error: unknown): DatabaseFault {
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return hasNetworkShape(error) ? 'outage' : 'unknown'
  if (conflicts.has(code)) return 'conflict'
  if (outageCodes.has(code) || outageClasses.has(code.slice(0, 2))) return 'outage'
  return recordClasses.has(code.slice(0, 2)) ? 'record' : 'unknown'
}

/** Node's socket errors have a code and a syscall; the driver's own (time-outs, a lost connection) only words. */
function hasNetworkShape(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('syscall' in error || ('errors' in error && Array.isArray(error.errors))) return true
  return /timeout|timed out|connection|connect|client has encountered|Cannot use a pool|not queryable/i.test(
    error.message,
  )
}
