import { describe, expect, it } from 'vitest'
import { buildReach, narrowDomains, requireMayChooseReaders, requireReadable, requireSeen } from './reach'

const policies = [
  { name: 'granted.example.com', bodyReaders: 'members', isGranted: true },
  { name: 'secret.example.com', bodyReaders: 'owner', isGranted: true },
  { name: 'open.example.com', bodyReaders: 'all', isGranted: false },
  { name: 'other.example.com', bodyReaders: 'members', isGranted: false },
] as const
const names = policies.map(({ name }) => name)
const [granted, secret, open, other] = names as [string, string, string, string]
const readableTo = (role: Parameters<typeof buildReach>[0]) =>
  names.filter((name) => buildReach(role, policies).mayReadBodies(name))

describe('buildReach', () => {
  it('lets an owner read everything', () => expect(readableTo('owner')).toEqual(names))

  it('lets an admin and the dashboard key read everything that is not kept for owners', () => {
    expect(readableTo('admin')).toEqual([granted, open, other])
    expect(readableTo(null)).toEqual([granted, open, other])
  })

  it('lets a member read what was granted and what is open to every member', () =>
    expect(readableTo('member')).toEqual([granted, open]))

  it('lets a viewer read nothing, whatever the domain says', () => expect(readableTo('viewer')).toEqual([]))

  it('shows a member the granted and the open domains, others all of them', () => {
    expect(buildReach('member', policies).domains).toEqual([granted, secret, open])
    for (const role of ['owner', 'admin', 'viewer', null] as const)
      expect(buildReach(role, policies).domains).toBe(null)
  })

  it('shows strangers of an unknown name to those who see all, and to no member', () => {
    expect(buildReach('viewer', policies).sees('unknown.example.com')).toBe(true)
    expect(buildReach('member', policies).sees('unknown.example.com')).toBe(false)
  })
})

describe('narrowDomains', () => {
  const member = buildReach('member', policies)

  it('leaves the filter of those who see all as it is', () =>
    expect(narrowDomains(buildReach('admin', []), [`!${other}`])).toEqual([`!${other}`]))

  it.each([
    ['nothing asked', [], [granted, secret, open]],
    ['a domain of theirs', [granted], [granted]],
    ['without one of theirs', [`!${granted}`], [secret, open]],
    ['a domain beyond', [other], ['-']],
    ['none left', [`!${granted}`, `!${secret}`, `!${open}`], ['-']],
    ['one of theirs and one beyond', [granted, other], [granted]],
  ])('never widens: %s', (_what, given, left) => expect(narrowDomains(member, given)).toEqual(left))

  it('leaves a member without a grant a filter that nothing passes', () =>
    expect(narrowDomains(buildReach('member', []))).toEqual(['-']))
})

it('what is beyond the reach is not there', () => {
  const reach = buildReach('member', policies)
  expect(requireSeen(reach, { domain: granted }, 'request')).toEqual({ domain: granted })
  expect(() => requireSeen(reach, { domain: other }, 'request')).toThrow('There is no such request.')
  expect(() => requireSeen(reach, null, 'request')).toThrow('There is no such request.')
})

it.each([
  ['admin', 'members', 'all', true],
  ['admin', 'members', 'owner', false],
  ['admin', 'owner', 'members', false],
  ['admin', 'owner', 'owner', true],
  ['owner', 'owner', 'all', true],
] as const)('an %s who changes the readers from %s to %s: allowed is %s', (...[role, before, after, isAllowed]) => {
  const change = () => requireMayChooseReaders(role, before, after)
  if (isAllowed) expect(change).not.toThrow()
  else expect(change).toThrow(/Only an owner/)
})

it('what is kept for owners is refused', () =>
  expect(() => requireReadable(buildReach('admin', policies), secret)).toThrow(/not yours to read/))
