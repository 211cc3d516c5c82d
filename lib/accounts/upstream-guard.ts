import { lookup as lookupAll } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent } from 'undici'
import { env } from '@/lib/env'
import { invalidField } from '@/lib/errors'
import { shared } from '@/lib/shared'
import { classifyAddress, findBaseUrlProblem, readAllowedNetworks, type AddressClass } from './upstream-address'

/**
 * Base URLs of accounts are typed by people of the dashboard, so they may not lead into our own network. They are
 * checked when they are saved and again for every connection: a name can come to mean another address.
 * CLAUDE_API_BASE_URL is the operator's own word and needs no check.
 */
const allowedNetworks = () =>
  shared('accounts.allowed-networks', () => readAllowedNetworks(env().ALLOW_PRIVATE_UPSTREAMS))

const classify = (address: string): AddressClass => classifyAddress(address, allowedNetworks())

/** Throws an `invalid-request` about `baseUrl` when calls must not go there. */
export async function checkBaseUrl(baseUrl: string): Promise<void> {
  const problem = findBaseUrlProblem(baseUrl) ?? (await findPlaceProblem(new URL(baseUrl)))
  if (!problem) return
  throw invalidField('baseUrl', problem)
}

/** The same for an address that may have a path and a query, named `field` in the form. */
export async function checkOutboundUrl(url: string, field: string): Promise<void> {
  const { origin, username, password } = new URL(url)
  const withoutLogin = username || password ? 'Leave out user name and password.' : null
  const problem = withoutLogin ?? findBaseUrlProblem(origin) ?? (await findPlaceProblem(new URL(url)))
  if (!problem) return
  throw invalidField(field, problem)
}

async function findPlaceProblem(url: URL): Promise<string | null> {
  const classes = await classesOf(url.hostname)
  if (classes.length === 0) return 'This host cannot be found.'
  if (classes.includes('refused')) {
    return 'This leads into a private network. The operator may allow that with ALLOW_PRIVATE_UPSTREAMS.'
  }
  if (url.protocol === 'http:' && classes.includes('public'))
    return 'Begin with https://: the key would travel in the clear.'
  return null
}

async function classesOf(hostname: string): Promise<AddressClass[]> {
  const bare = hostname.replace(/^\[|\]$/g, '')
  if (isIP(bare) !== 0) return [classify(bare)]
  return new Promise((resolve) => {
    lookupAll(hostname, { all: true }, (error, addresses) => {
      resolve(error ? [] : addresses.map(({ address }) => classify(address)))
    })
  })
}

/** Resolves a name only to addresses that calls may go to. */
const guardedLookup: LookupFunction = (hostname, options, answer) => {
  lookupAll(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return answer(error, '')
    if (addresses.some(({ address }) => classify(address) === 'refused')) return answer(refusal(), '')
    if (options.all) return answer(null, addresses)
    const [first] = addresses
    return first ? answer(null, first.address, first.family) : answer(refusal(), '')
  })
}

function refusal(): NodeJS.ErrnoException {
  return Object.assign(new Error('The base URL of the account leads into a private network.'), {
    code: 'EUPSTREAMREFUSED',
  })
}

/** The agent for a call to an account's base URL, by its origin; null where the operator's own base URL is meant. */
export function guardedAgentFor(origin: string): Agent | null {
  if (isOperators(origin)) return null
  return shared('accounts.guarded-agent', () => {
    return new Agent({ connect: { lookup: guardedLookup, timeout: 10_000 }, headersTimeout: 0, bodyTimeout: 0 })
  })
}

/** Every call asks this, and almost all go to the operator's own base URL, letter by letter. */
function isOperators(origin: string): boolean {
  const own = env().CLAUDE_API_BASE_URL
  return origin === own || new URL(origin).origin === new URL(own).origin
}
