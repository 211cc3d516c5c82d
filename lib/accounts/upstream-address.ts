import { BlockList, isIP } from 'node:net'

/** Networks that are not the public internet. An upstream there would let an account form reach into our own network. */
const notPublic = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  // IPv6: unspecified, loopback, discard, documentation, unique local, link local, site local, multicast …
  '::/127',
  '100::/64',
  '2001:db8::/32',
  '3fff::/20',
  'fc00::/7',
  'fe80::/10',
  'fec0::/10',
  'ff00::/8',
  // … and the ways to write an IPv4 address inside an IPv6 one: compatible, NAT64, 6to4, Teredo.
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
  '2001::/32',
]

const publicBlock = blockListOf(notPublic)

/** `10.0.0.0/8, loopback` as a list to check against. */
export function readAllowedNetworks(text: string): BlockList {
  const networks = text
    .split(',')
    .map((network) => network.trim())
    .filter(Boolean)
  return blockListOf(networks.flatMap((network) => (network === 'loopback' ? ['127.0.0.0/8', '::1/128'] : [network])))
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', length] = network.split('/')
    list.addSubnet(address, Number(length), address.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}

/** `public` may be reached by https, `allowed` was named by the operator, everything else is `refused`. */
export type AddressClass = 'public' | 'allowed' | 'refused'

export function classifyAddress(address: string, allowed: BlockList): AddressClass {
  const plain = address.replace(/^\[|\]$/g, '')
  const family = isIP(plain)
  if (family === 0) return 'refused'
  const type = family === 6 ? 'ipv6' : 'ipv4'
  if (allowed.check(plain, type)) return 'allowed'
  return publicBlock.check(plain, type) ? 'refused' : 'public'
}

/** What is wrong with the spelling of a base URL, or null. Where it leads is another question. */
export function findBaseUrlProblem(text: string): string | null {
  if (!URL.canParse(text)) return 'Use an address such as https://api.anthropic.com.'
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'Begin with https://.'
  if (url.username || url.password) return 'Leave out user name and password.'
  if (/[?#]/.test(text)) return 'Leave out ? and #.'
  return isUsualPort(url.port) ? null : 'Use port 443, or one from 1024 on.'
}

/** '' is the port that the protocol implies. Low ports belong to services that are no Claude API. */
function isUsualPort(port: string): boolean {
  return ['', '443', '80'].includes(port) || Number(port) >= 1024
}
