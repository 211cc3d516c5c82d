import type { DotEnv } from '@/lib/dot-env'
import type { Env } from '@/lib/env'
import { findUnusedNames } from './effective-config'
import { findingsIn, type Finding } from './finding'

const { ok, warning, fault } = findingsIn('Environment')

const loopback = /^(localhost|127\.|\[?::1\]?$)/

interface EnvironmentFacts {
  readonly env: Env
  readonly dotEnv: DotEnv
}

/** Settings that were accepted and still are not what was meant. Pure. */
export function checkEnvironment({ env, dotEnv }: EnvironmentFacts): Finding[] {
  const findings = [
    ...unreadable(dotEnv),
    ...unusedNames(dotEnv),
    ...addresses(env),
    ...timeouts(env),
    ...openDoor(env),
  ]
  return findings.length > 0 ? findings : [ok('environment', 'Every setting is usable.')]
}

function unreadable({ problem }: DotEnv): Finding[] {
  return problem ? [warning({ id: 'dot-env-unreadable', ...problem })] : []
}

function unusedNames({ values }: DotEnv): Finding[] {
  return findUnusedNames(values).map(({ name, meant }) =>
    warning({
      id: 'unused-variable',
      says: `${name} in .env is read by nobody.`,
      fix: meant ? `Write ${meant} instead.` : `Remove it; docs/environment.md lists every variable.`,
    }),
  )
}

function addresses({ HOST, PUBLIC_URL, CLAUDE_API_BASE_URL }: Env): Finding[] {
  const findings: Finding[] = []
  if (!PUBLIC_URL && !loopback.test(HOST)) {
    findings.push(
      warning({
        id: 'public-url-missing',
        says: `HOST=${HOST} lets others in, but PUBLIC_URL is not set: log-ins and links lead to localhost.`,
        fix: 'Set PUBLIC_URL to the address that people type, such as PUBLIC_URL=https://nexus.example.com, and restart.',
      }),
    )
  }
  if (PUBLIC_URL?.startsWith('http:') && !loopback.test(new URL(PUBLIC_URL).hostname)) {
    findings.push(
      warning({
        id: 'public-url-plain',
        says: `PUBLIC_URL=${PUBLIC_URL} is not encrypted: passwords and keys can be read on the way.`,
        fix: 'Put a reverse proxy with a certificate in front (docs/operations.md) and set PUBLIC_URL to its https:// address.',
      }),
    )
  }
  if (/\/v1\/?$/.test(CLAUDE_API_BASE_URL)) {
    const right = CLAUDE_API_BASE_URL.replace(/\/v1\/?$/, '')
    findings.push(
      fault({
        id: 'upstream-v1',
        says: `CLAUDE_API_BASE_URL=${CLAUDE_API_BASE_URL} ends with /v1, so calls go to /v1/v1/messages.`,
        fix: `Set CLAUDE_API_BASE_URL=${right} and restart.`,
      }),
    )
  }
  return findings
}

function timeouts({ CLAUDE_API_TIMEOUT, PROXY_SERVER_TIMEOUT }: Env): Finding[] {
  if (PROXY_SERVER_TIMEOUT >= CLAUDE_API_TIMEOUT) return []
  return [
    warning({
      id: 'timeouts-crossed',
      says: `PROXY_SERVER_TIMEOUT=${PROXY_SERVER_TIMEOUT} is shorter than CLAUDE_API_TIMEOUT=${CLAUDE_API_TIMEOUT}.`,
      fix: `Set PROXY_SERVER_TIMEOUT=${CLAUDE_API_TIMEOUT + 60_000} and restart.`,
    }),
  ]
}

function openDoor({ ENABLE_CLIENT_AUTH, HOST }: Env): Finding[] {
  if (ENABLE_CLIENT_AUTH) return []
  return [
    warning({
      id: 'client-auth-off',
      says: `ENABLE_CLIENT_AUTH=false: whoever reaches ${HOST} spends your accounts.`,
      fix: 'Set ENABLE_CLIENT_AUTH=true, restart, and give each client a key of its domain.',
    }),
  ]
}
