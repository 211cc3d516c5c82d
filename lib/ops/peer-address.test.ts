import { expect, it } from 'vitest'
import { readAllowedNetworks } from '@/lib/accounts/upstream-address'
import { chooseAddress } from './peer-address'

const trusted = readAllowedNetworks('loopback, 10.0.0.0/8')

it.each([
  ['a caller without a proxy', ['', '203.0.113.9'], '203.0.113.9'],
  ['a caller who writes the header', ['1.2.3.4', '203.0.113.9'], '203.0.113.9'],
  ['a caller behind our proxy', ['203.0.113.9', '10.0.0.5'], '203.0.113.9'],
  ['a caller behind our proxy who writes the header', ['1.2.3.4', '203.0.113.9', '10.0.0.5'], '203.0.113.9'],
  ['two proxies of ours', ['203.0.113.9', '10.0.0.5', '127.0.0.1'], '203.0.113.9'],
  ['a neighbour in our own network', ['', '10.0.0.7'], '10.0.0.7'],
  ['an address of the newer kind', ['2001:db8::1', '::1'], '2001:db8::1'],
  ['a header of rubbish', ['203.0.113.9', "' OR 1=1", '10.0.0.5'], '10.0.0.5'],
  ['nobody', [''], 'unknown'],
])('%s is known by the right address', (_who, hops, address) => expect(chooseAddress(hops, trusted)).toBe(address))
