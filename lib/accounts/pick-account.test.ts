import { describe, expect, it } from 'vitest'
import type { Attempt, Caller, HeaderList } from '@/lib/proxy/ports'
import { healthAfter, healthy, type AccountHealth } from './account-health'
import type { Candidate, DomainAccounts } from './domain-accounts'
import { pickAccount } from './pick-account'

const nowMs = 1_000_000
const caller: Caller = {
  domainId: 'd',
  domain: 'team-a.example.com',
  clientKeyId: 'key-1',
  mode: 'account',
  capture: 'full',
}

function account(accountId: string, more: Partial<Candidate> = {}): Candidate {
  const base = {
    uuid: accountId,
    kind: 'api_key',
    sealedSecret: '',
    baseUrl: null,
    organization: '',
    isPaused: false,
    allowedModels: [],
  } as const
  return { ...base, accountId, position: 0, weight: 1, ...more }
}

function failed(accountId: string, status: number | null = 529): Attempt {
  return { accountId, startedAtMs: 0, durationMs: 1, status, error: null, reason: '' }
}

interface Situation {
  candidates: Candidate[]
  failover?: DomainAccounts['failover']
  attempts?: Attempt[]
  headers?: HeaderList
  health?: Record<string, Partial<AccountHealth>>
  isOauthAllowed?: boolean
  session?: string
  models?: string[] | null
  modelClass?: string | null
  path?: string
  now?: number
}

function pick({
  candidates,
  failover = 'same_organization',
  attempts = [],
  headers = [],
  health = {},
  isOauthAllowed = false,
  session,
  models = ['claude-opus-5-5'],
  modelClass = 'claude-opus-5-5',
  path = '/v1/messages?beta=true',
  now = nowMs,
}: Situation) {
  return pickAccount({
    accounts: { failover, candidates },
    wanted: { caller, path, headers, attempts },
    healthOf: (accountId) => ({ ...healthy, ...health[accountId] }),
    sessionAccountId: session ?? null,
    models: () => models,
    modelClass: () => modelClass,
    isOauthAllowed,
    nowMs: now,
  })
}

function pickedId(situation: Situation): string | null {
  const picked = pick(situation)
  return 'noAccount' in picked ? null : picked.candidate.accountId
}

const [a, b, c] = [
  account('acc_a', { position: 0 }),
  account('acc_b', { position: 1 }),
  account('acc_c', { position: 2 }),
]

describe('the choice of an account', () => {
  it('follows the order of the links and says so', () => {
    expect(pick({ candidates: [a, b] })).toMatchObject({
      candidate: a,
      reason: 'first of 2 accounts of team-a.example.com',
    })
    expect(pick({ candidates: [a] })).toMatchObject({ reason: 'the only account of team-a.example.com' })
  })

  it('passes over paused accounts', () => {
    expect(pickedId({ candidates: [{ ...a, isPaused: true }, b] })).toBe('acc_b')
  })

  it('says that none is configured when all are paused or there are none', () => {
    const none = { noAccount: true, retryAfterSeconds: null }
    expect(pick({ candidates: [] })).toMatchObject(none)
    expect(pick({ candidates: [{ ...a, isPaused: true }] })).toMatchObject(none)
  })

  it('passes over a cooling account for exactly its time', () => {
    expect(pickedId({ candidates: [a, b], health: { acc_a: { coolingUntilMs: nowMs + 1 } } })).toBe('acc_b')
    expect(pickedId({ candidates: [a, b], health: { acc_a: { coolingUntilMs: nowMs } } })).toBe('acc_a')
  })

  it.each(['/v1/messages/count_tokens?beta=true', '/v1/models', '/v1/messages/batches/b_1/results'])(
    'asks an account that rests after too many messages for %s, which has a rate of its own',
    (path) => {
      const resting = (coolingCause: 'throttle' | 'quota' | 'window') =>
        pickedId({ candidates: [a], path, health: { acc_a: { coolingUntilMs: nowMs + 1, coolingCause } } })
      expect([resting('throttle'), resting('quota'), resting('window')]).toEqual(['acc_a', 'acc_a', null])
    },
  )

  it('puts a failing account behind a sound one, before a cooling one', () => {
    const health = { acc_a: { ejectedUntilMs: nowMs + 1_000 }, acc_b: { coolingUntilMs: nowMs + 1_000 } }
    expect(pickedId({ candidates: [a, b, c], health })).toBe('acc_c')
    expect(pickedId({ candidates: [a, b], health })).toBe('acc_a')
  })

  it('asks nobody while all are cooling, and says when the first one is back', () => {
    const health = { acc_a: { coolingUntilMs: nowMs + 90_000 }, acc_b: { coolingUntilMs: nowMs + 29_500 } }
    expect(pick({ candidates: [a, b], health })).toMatchObject({ noAccount: true, retryAfterSeconds: 30 })
    expect(pick({ candidates: [a], health })).toMatchObject({ noAccount: true, retryAfterSeconds: 90 })
  })

  it('rests for the models alone that an account has no requests or tokens left for', () => {
    const health = { acc_a: { modelRests: { 'claude-opus-4.x': nowMs + 30_000 } } }
    expect(pickedId({ candidates: [a], health, modelClass: 'claude-haiku-4-5' })).toBe('acc_a')
    // A word that every object has a property for is a model like any other.
    expect(pickedId({ candidates: [a], health, modelClass: 'constructor' })).toBe('acc_a')
    expect(pickedId({ candidates: [a], health, modelClass: null })).toBe('acc_a')
    expect(pick({ candidates: [a, b], health, modelClass: 'claude-opus-4.x' })).toMatchObject({
      candidate: b,
      skipped: [{ accountId: 'acc_a', why: 'cooling for claude-opus-4.x, 30 s left' }],
    })
    expect(pickedId({ candidates: [a], health, modelClass: 'claude-opus-4.x' })).toBeNull()
    expect(pickedId({ candidates: [a], health, modelClass: 'claude-opus-4.x', now: nowMs + 30_000 })).toBe('acc_a')
  })

  it('counts tokens with an account that rests for the model', () => {
    const health = { acc_a: { modelRests: { 'claude-opus-5-5': nowMs + 30_000 } } }
    expect(pickedId({ candidates: [a], health, path: '/v1/messages/count_tokens' })).toBe('acc_a')
  })

  it('tells a spent budget from too many requests, and only where all have spent theirs', () => {
    const spent = { coolingUntilMs: nowMs + 60_000, coolingCause: 'quota' } as const
    const busy = { coolingUntilMs: nowMs + 10_000, coolingCause: 'throttle' } as const
    const typeOf = (other: Partial<AccountHealth>) => {
      const none = pick({ candidates: [a, b], health: { acc_a: spent, acc_b: other } })
      return 'noAccount' in none && none.overLimit?.type
    }
    expect([typeOf(spent), typeOf(busy)]).toEqual(['billing_error', 'rate_limit_error'])
  })

  it('says which accounts were passed over, and why', () => {
    const health = {
      acc_a: { coolingUntilMs: nowMs + 12_000, coolingCause: 'window' as const },
      acc_b: { ejectedUntilMs: nowMs + 1_000, lastError: '529: overloaded' },
    }
    expect(pick({ candidates: [a, b, c], health })).toMatchObject({
      candidate: c,
      skipped: [
        { accountId: 'acc_a', why: 'its window is used up, 12 s left' },
        { accountId: 'acc_b', why: 'failing (529: overloaded)' },
      ],
    })
  })

  it('does not mention accounts that only come later in the order', () => {
    expect(pick({ candidates: [a, { ...b, isPaused: true }] })).toMatchObject({ candidate: a, skipped: [] })
  })

  it('puts an account whose credential is refused behind the others, and asks it when it is the only one', () => {
    const health = { acc_a: { refusedAtMs: nowMs - 1 } }
    expect(pickedId({ candidates: [a, b], health })).toBe('acc_b')
    expect(pickedId({ candidates: [a], health })).toBe('acc_a')
  })

  it('uses an account only for the models that it may serve', () => {
    const haiku = { ...a, allowedModels: ['claude-haiku-*'] }
    expect(pickedId({ candidates: [haiku, b] })).toBe('acc_b')
    expect(pickedId({ candidates: [haiku, b], models: ['claude-haiku-5'] })).toBe('acc_a')
    expect(pickedId({ candidates: [haiku, b], models: null })).toBe('acc_b')
    expect(pick({ candidates: [haiku] })).toMatchObject({ noAccount: true, obstacle: 'model' })
  })

  it('never uses an account twice for one call', () => {
    expect(pickedId({ candidates: [a, b], attempts: [failed('acc_a')] })).toBe('acc_b')
    expect(pickedId({ candidates: [a, b], attempts: [failed('acc_a'), failed('acc_b')] })).toBeNull()
  })

  it('says after which answer it went on', () => {
    expect(pick({ candidates: [a, b], attempts: [failed('acc_a', 529)] })).toMatchObject({
      reason: 'second of 2 accounts of team-a.example.com, after acc_a answered 529',
    })
  })

  it('does not go on to a cooling account, and says when the first one is back', () => {
    const health = { acc_a: { coolingUntilMs: nowMs + 60_000 }, acc_b: { coolingUntilMs: nowMs + 20_500 } }
    expect(pick({ candidates: [a, b], attempts: [failed('acc_a', 429)], health })).toMatchObject({
      retryAfterSeconds: 21,
    })
  })

  it('goes on after a fault to sound accounts alone, and after another refusal to failing ones, too', () => {
    const health = { acc_b: { ejectedUntilMs: nowMs + 1_000 } }
    expect(pickedId({ candidates: [a, b], attempts: [failed('acc_a', 529)], health })).toBeNull()
    expect(pickedId({ candidates: [a, b], attempts: [failed('acc_a', null)], health })).toBeNull()
    expect(pickedId({ candidates: [a, b], attempts: [failed('acc_a', 429)], health })).toBe('acc_b')
    expect(pickedId({ candidates: [a, b, c], attempts: [failed('acc_a', 529)], health })).toBe('acc_c')
  })

  it('asks of failing accounts the one that failed longest ago, and one whose credential is refused last', () => {
    const health = {
      acc_a: { ejectedUntilMs: nowMs + 9_000 },
      acc_b: { ejectedUntilMs: nowMs + 5_000 },
      acc_c: { refusedAtMs: nowMs - 1 },
    }
    expect(pickedId({ candidates: [a, b, c], health })).toBe('acc_b')
    expect(pickedId({ candidates: [a, c], health })).toBe('acc_a')
  })

  it('asks little more often than it is called while every account is overloaded', () => {
    const overloaded = [a, b, c]
    const health: Record<string, AccountHealth> = { acc_a: healthy, acc_b: healthy, acc_c: healthy }
    const calls = 60 * 200
    let asked = 0
    for (let call = 0; call < calls; call += 1) {
      const attempts: Attempt[] = []
      for (;;) {
        const now = nowMs + call * 5
        const accountId = pickedId({ candidates: overloaded, attempts, health, now })
        if (accountId === null) break
        asked += 1
        const attempt = failed(accountId, 529)
        attempts.push(attempt)
        const report = { attempt, headers: [], target: '/v1/messages', nowMs: now }
        health[accountId] = healthAfter(health[accountId] ?? healthy, report)
      }
    }
    expect(asked / calls).toBeLessThan(1.2)
  })

  /** Calls of several classes of models in turn, one each 5 ms for a minute; `limited` are refused by the upstream. */
  function attemptsPerCall(classes: readonly string[], limited: readonly string[]) {
    let health = healthy
    const answered = new Map<string, number>()
    const calls = 60 * 200
    let asked = 0
    for (let call = 0; call < calls; call += 1) {
      const modelClass = classes[call % classes.length]!
      const now = nowMs + call * 5
      if (pickedId({ candidates: [a], health: { acc_a: health }, modelClass, now }) === null) continue
      asked += 1
      const status = limited.includes(modelClass) ? 429 : 200
      if (status === 200) answered.set(modelClass, (answered.get(modelClass) ?? 0) + 1)
      const headers: HeaderList = [
        ['retry-after', '10'],
        ['anthropic-ratelimit-input-tokens-remaining', '0'],
      ]
      const report = { attempt: failed('acc_a', status), headers, target: '/v1/messages', nowMs: now }
      health = healthAfter(health, { ...report, modelClass: () => modelClass })
    }
    return { refused: asked - [...answered.values()].reduce((sum, each) => sum + each, 0), answered }
  }

  it('answers every call of other models while the limit of one is used up, and asks for that one once a rest', () => {
    const { refused, answered } = attemptsPerCall(['claude-opus-5-5', 'claude-haiku-5-5'], ['claude-opus-5-5'])
    expect(answered.get('claude-haiku-5-5')).toBe(6_000)
    expect(refused).toBe(6)
  })

  it('asks once for each class of models and rest when the limit was one for all of them', () => {
    const classes = ['claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5']
    expect(attemptsPerCall(classes, classes).refused).toBe(18)
  })

  it('goes on only inside the organisation, unless the domain allows more or less', () => {
    const other = account('acc_b', { position: 1, organization: 'other' })
    const attempts = [failed('acc_a')]
    expect(pickedId({ candidates: [a, other], attempts })).toBeNull()
    expect(pickedId({ candidates: [a, other], attempts, failover: 'any' })).toBe('acc_b')
    expect(pickedId({ candidates: [a, b], attempts, failover: 'off' })).toBeNull()
  })

  it('uses a stored login only where that is allowed, and never pools it', () => {
    const login = account('acc_b', { position: 1, kind: 'oauth' })
    expect(pickedId({ candidates: [login] })).toBeNull()
    expect(pickedId({ candidates: [login], isOauthAllowed: true })).toBe('acc_b')
    expect(pickedId({ candidates: [a, login], attempts: [failed('acc_a')], isOauthAllowed: true })).toBeNull()
    expect(pickedId({ candidates: [login, c], attempts: [failed('acc_b')], isOauthAllowed: true })).toBeNull()
  })
})

describe('a session', () => {
  it('stays in its account although another goes first now', () => {
    expect(pick({ candidates: [a, b], session: 'acc_b' })).toMatchObject({
      candidate: b,
      reason: 'second of 2 accounts of team-a.example.com, where its session is',
    })
  })

  it('leaves an account that is cooling or failing for one of the same organisation', () => {
    const cooling = { acc_b: { coolingUntilMs: nowMs + 1_000 } }
    const failing = { acc_b: { ejectedUntilMs: nowMs + 1_000 } }
    expect(pickedId({ candidates: [a, b], session: 'acc_b', health: cooling })).toBe('acc_a')
    expect(pickedId({ candidates: [a, b], session: 'acc_b', health: failing })).toBe('acc_a')
  })

  it('waits for its account where it may not go on elsewhere', () => {
    const other = account('acc_b', { position: 1, organization: 'other' })
    const health = { acc_b: { coolingUntilMs: nowMs + 7_000 } }
    const waits = { noAccount: true, retryAfterSeconds: 7 }
    expect(pick({ candidates: [a, other], session: 'acc_b', health })).toMatchObject(waits)
    expect(pick({ candidates: [a, b], session: 'acc_b', health, failover: 'off' })).toMatchObject(waits)
    expect(pickedId({ candidates: [a, other], session: 'acc_b', health, failover: 'any' })).toBe('acc_a')
  })

  it('leaves an account that a person paused, whatever its organisation', () => {
    const other = account('acc_b', { position: 1, organization: 'other', isPaused: true })
    expect(pickedId({ candidates: [a, other], session: 'acc_b', failover: 'off' })).toBe('acc_a')
  })
})

describe('accounts that share a position', () => {
  const session = (id: string): HeaderList => [['X-Claude-Code-Session-Id', id]]
  const shared = [account('acc_a', { weight: 3 }), account('acc_b', { weight: 1 })]
  const chosenFor = (candidates: Candidate[], count = 4_000) =>
    Array.from({ length: count }, (_, at) => pickedId({ candidates, headers: session(`session ${at}`) }))

  it('keep a session in one account', () => {
    expect(
      new Set(Array.from({ length: 20 }, () => pickedId({ candidates: shared, headers: session('one') }))).size,
    ).toBe(1)
  })

  it('get sessions by their weight', () => {
    const share = chosenFor(shared).filter((id) => id === 'acc_a').length / 4_000
    expect(share).toBeGreaterThan(0.72)
    expect(share).toBeLessThan(0.78)
  })

  it('lose no session to each other when a third one joins', () => {
    const before = chosenFor(shared)
    const after = chosenFor([...shared, account('acc_c', { weight: 1 })])
    const moved = before.filter((id, at) => id !== after[at])
    expect(after.filter((id) => id === 'acc_c')).toHaveLength(moved.length)
  })
})
