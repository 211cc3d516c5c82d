import { queryRows } from '@/lib/dashboard-query'
import { firstIdAt } from '@/lib/ids'
import { loadExchangeDetail } from '@/lib/recorder/load-body'
import type { HeaderList } from '@/lib/proxy/ports'
import { findingsIn, type Finding } from './finding'

const { ok, warning } = findingsIn('Clients')

const dayMs = 86_400_000
/** Details are opened one by one: the newest tell enough. */
const mostOpened = 20

/** What yesterday's and today's failed calls say about how clients are set up. */
export async function checkClients(): Promise<Finding[]> {
  const since = firstIdAt(new Date(Date.now() - dayMs))
  const findings = [...(await checkPaths(since)), ...(await checkRefused(since))]
  return findings.length > 0 ? findings : [ok('clients', 'No client of the last 24 hours was set up wrongly.')]
}

interface PathRow {
  wrong: 'doubled' | 'two-slashes' | 'other-api' | 'too-large'
  calls: number
  callers: string
}

async function checkPaths(since: string): Promise<Finding[]> {
  const rows = await queryRows<PathRow>(
    `SELECT wrong, count(*)::int AS calls, string_agg(DISTINCT coalesce(left(user_agent, 60), 'unknown client'), ', ') AS callers
     FROM (SELECT user_agent, CASE WHEN path LIKE '/v1/v1/%' THEN 'doubled'
         WHEN path LIKE '//%' THEN 'two-slashes'
         WHEN path ~ '^/v1/(chat/)?completions|^/v1/responses' THEN 'other-api'
         WHEN status = 413 THEN 'too-large' END AS wrong
       FROM api_requests WHERE request_id >= $1::uuid AND (status >= 400 OR outcome NOT IN ('completed', 'client_aborted'))) calls
     WHERE wrong IS NOT NULL GROUP BY wrong`,
    [since],
  )
  return rows.map(({ wrong, calls, callers }) => pathFindings[wrong](`${counted(calls)} (${callers.slice(0, 200)})`))
}

const pathFindings: Record<PathRow['wrong'], (who: string) => Finding> = {
  doubled: (who) =>
    warning({
      id: 'client-base-url',
      says: `${who} went to /v1/v1/…: the client's base URL ends with /v1.`,
      fix: 'Leave /v1 out of the base URL: ANTHROPIC_BASE_URL=https://nexus.example.com. The client adds it.',
    }),
  'two-slashes': (who) =>
    warning({
      id: 'client-two-slashes',
      says: `${who} went to //…: the client's base URL ends with a slash.`,
      fix: 'Leave the slash at the end of the base URL out: ANTHROPIC_BASE_URL=https://nexus.example.com.',
    }),
  'other-api': (who) =>
    warning({
      id: 'client-other-api',
      says: `${who} used the API of another maker.`,
      fix: 'Use a client for the Claude API (POST /v1/messages); Nexus relays that API only.',
    }),
  'too-large': (who) =>
    warning({
      id: 'client-too-large',
      says: `${who} had a body over MAX_REQUEST_BYTES.`,
      fix: 'Raise MAX_REQUEST_BYTES if Claude itself takes bodies of that size (32 MB), or send less at once.',
    }),
}

const counted = (calls: number) => `${calls} ${calls === 1 ? 'call' : 'calls'} of the last 24 hours`

type KeyFault = 'two-keys' | 'in-address' | 'wrong-header' | 'no-key' | 'unknown-key'

/** Calls without a valid key, by what was wrong with it. */
async function checkRefused(since: string): Promise<Finding[]> {
  const rows = await queryRows<{ requestId: string }>(
    `SELECT request_id AS "requestId" FROM api_requests
     WHERE request_id >= $1::uuid AND (status >= 400 OR outcome NOT IN ('completed', 'client_aborted'))
       AND status = 401 AND outcome = 'rejected' AND path NOT LIKE '/v1/v1/%'
     ORDER BY request_id DESC LIMIT ${mostOpened}`,
    [since],
  )
  const faults = new Map<KeyFault, number>()
  for (const { requestId } of rows) {
    const detail = await loadExchangeDetail(requestId)
    if (!detail) continue
    const fault = keyFaultOf(detail.receivedHeaders, detail.target)
    faults.set(fault, (faults.get(fault) ?? 0) + 1)
  }
  return [...faults].map(([fault, calls]) => keyFinding(fault, counted(calls)))
}

const otherKeyHeaders =
  /^(api-key|apikey|x-apikey|anthropic-api-key|x-anthropic-api-key|x-auth-token|proxy-authorization|x-dashboard-key|token)$/

/** Pure: names of headers and the address tell; their values are not recorded. */
export function keyFaultOf(headers: HeaderList, target: string): KeyFault {
  const names = new Set(headers.map(([name]) => name.toLowerCase()))
  const [hasBearer, hasKey] = [names.has('authorization'), names.has('x-api-key')]
  if (hasBearer && hasKey) return 'two-keys'
  if (hasBearer || hasKey) return 'unknown-key'
  if (/[?&](api[_-]?key|key|token)=/i.test(target)) return 'in-address'
  return [...names].some((name) => otherKeyHeaders.test(name)) ? 'wrong-header' : 'no-key'
}

const rightHeader = 'Send the client key as `Authorization: Bearer cnp_live_…` or as `x-api-key: cnp_live_…`'

function keyFinding(fault: KeyFault, calls: string): Finding {
  const told: Record<KeyFault, { says: string; fix: string }> = {
    'two-keys': {
      says: `${calls} carried two different keys, in Authorization and in x-api-key.`,
      fix: 'Set one of ANTHROPIC_AUTH_TOKEN and ANTHROPIC_API_KEY on the client and unset the other.',
    },
    'in-address': {
      says: `${calls} carried the key in the address, where it ends up in logs.`,
      fix: `${rightHeader}, and make a new key: that one has been seen.`,
    },
    'wrong-header': { says: `${calls} carried the key in a header that is not read.`, fix: `${rightHeader}.` },
    'no-key': {
      says: `${calls} carried no key.`,
      fix: `${rightHeader}: ANTHROPIC_AUTH_TOKEN does that for Claude Code and the SDKs.`,
    },
    'unknown-key': {
      says: `${calls} carried a key that is unknown, revoked or expired.`,
      fix: 'Use a client key of the Domains & keys page (cnp_live_…), not a key of Claude (sk-ant-…) unless the domain allows pass-through.',
    },
  }
  return warning({ id: `client-${fault}`, ...told[fault] })
}
