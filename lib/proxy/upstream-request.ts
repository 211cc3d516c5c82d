import { forwardable, getHeader } from './headers'
import type { ChosenAccount, HeaderList } from './ports'

const oauthBeta = 'oauth-2025-04-20'

/**
 * The headers for the upstream: the client's as an open list, the account's credential in place of the
 * client's, `anthropic-version` only where absent, the OAuth beta only for an OAuth account.
 */
export function upstreamHeaders(received: HeaderList, account: ChosenAccount): HeaderList {
  const headers = [...forwardable(received)]
  if (getHeader(headers, 'anthropic-version') === undefined) headers.push(['anthropic-version', '2023-06-01'])
  if (account.kind === 'oauth') addBeta(headers, oauthBeta)
  headers.push(...credentialHeaders(received, account))
  return headers
}

/** Pass-through relays the header the caller itself used; a stored account brings its own. */
function credentialHeaders(received: HeaderList, account: ChosenAccount): HeaderList {
  if (account.credential) return [account.credential]
  return received.filter(([name]) => ['authorization', 'x-api-key'].includes(name.toLowerCase()))
}

function addBeta(headers: [string, string][] | (readonly [string, string])[], beta: string): void {
  const at = headers.findIndex(([name]) => name.toLowerCase() === 'anthropic-beta')
  const existing = headers[at]
  if (!existing) headers.push(['anthropic-beta', beta])
  else if (!existing[1].split(',').some((value) => value.trim() === beta))
    headers[at] = [existing[0], `${existing[1]},${beta}`]
}

/** Path and query go to the account's base address unchanged. */
export function upstreamUrl(account: ChosenAccount, target: string): string {
  return account.baseUrl.replace(/\/+$/, '') + target
}
