/** What the doctor can look at, in the order in which it reports. */
export const areas = [
  'Environment',
  'Data folder',
  'Database',
  'Server',
  'Claude API',
  'Accounts',
  'Clients',
  'Public address',
] as const
export type Area = (typeof areas)[number]

/** `fault`: calls fail or records are in danger. `warning`: it works, but not as it should. `unknown`: not looked at. */
export type FindingStatus = 'ok' | 'warning' | 'fault' | 'unknown'

/** One thing the doctor looked at. Never holds a secret. */
export interface Finding {
  /** Stable, for scripts and tests. */
  readonly id: string
  readonly area: Area
  readonly status: FindingStatus
  readonly says: string
  /** What to do, exactly; null when there is nothing to do. */
  readonly fix: string | null
}

type Said = Omit<Finding, 'area' | 'status' | 'fix'>

/** The findings of one area. */
export function findingsIn(area: Area) {
  return {
    ok: (id: string, says: string): Finding => ({ id, area, status: 'ok', says, fix: null }),
    unknown: (id: string, says: string): Finding => ({ id, area, status: 'unknown', says, fix: null }),
    warning: (said: Said & { fix: string }): Finding => ({ ...said, area, status: 'warning' }),
    fault: (said: Said & { fix: string }): Finding => ({ ...said, area, status: 'fault' }),
  }
}

/** Why a connection failed, for a person. */
export function describeConnectionError(error: unknown): string {
  const { code, message, errors } = error as NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] }
  const known = code ?? errors?.[0]?.code ?? ''
  return (
    connectionErrors[known] ??
    (/CERT|SELF_SIGNED|UNABLE_TO/.test(known) ? `its certificate is not trusted (${known})` : known || message)
  )
}

const connectionErrors: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there (ECONNREFUSED)',
  ENOTFOUND: 'this name does not exist (ENOTFOUND)',
  EAI_AGAIN: 'the name server does not answer (EAI_AGAIN)',
  ETIMEDOUT: 'it does not answer (ETIMEDOUT)',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer (timeout)',
  UND_ERR_HEADERS_TIMEOUT: 'it does not answer (timeout)',
  ECONNRESET: 'it broke the connection (ECONNRESET)',
  UND_ERR_SOCKET: 'it broke the connection',
}
