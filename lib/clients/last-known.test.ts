import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { makeLastKnown } from './last-known'

type Value = { name: string }

/** A source that can be taken away. */
function makeSource() {
  const rows = new Map<string, Value>()
  const source = {
    rows,
    asked: 0,
    mode: 'up' as 'up' | 'refusing' | 'silent',
    load(key: string): Promise<Value | null> {
      source.asked += 1
      if (source.mode === 'silent') return new Promise(() => undefined)
      if (source.mode === 'refusing') return Promise.reject(new Error('connection refused'))
      return Promise.resolve(rows.get(key) ?? null)
    },
  }
  return source
}

describe('the last known value', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function setUp() {
    const source = makeSource()
    const cache = makeLastKnown<Value>({ what: 'thing', load: source.load, max: 100 })
    source.rows.set('a', { name: 'first' })
    return { source, cache }
  }

  it('is asked for once, however many callers want it at once', async () => {
    const { source, cache } = setUp()
    await Promise.all(Array.from({ length: 50 }, () => cache.get('a')))
    expect(source.asked).toBe(1)
  })

  it('is answered without asking while it is fresh', async () => {
    const { source, cache } = setUp()
    await cache.get('a')
    vi.advanceTimersByTime(2_000)
    expect(await cache.get('a')).toEqual({ name: 'first' })
    expect(source.asked).toBe(1)
  })

  it('is renewed behind the back of a caller after a while', async () => {
    const { source, cache } = setUp()
    await cache.get('a')
    source.rows.set('a', { name: 'second' })
    vi.advanceTimersByTime(3_000)
    expect(await cache.get('a')).toEqual({ name: 'first' })
    await vi.advanceTimersByTimeAsync(0)
    expect(await cache.get('a')).toEqual({ name: 'second' })
  })

  it('never outlives five seconds while the source answers, even after a long pause', async () => {
    const { source, cache } = setUp()
    await cache.get('a')
    source.rows.delete('a')
    vi.advanceTimersByTime(5_001)
    expect(await cache.get('a')).toBeNull()
    vi.advanceTimersByTime(3_600_000)
    expect(await cache.get('a')).toBeNull()
  })

  it('does not believe "there is none" for longer than a second', async () => {
    const { source, cache } = setUp()
    expect(await cache.get('b')).toBeNull()
    expect(await cache.get('b')).toBeNull()
    expect(source.asked).toBe(1)
    source.rows.set('b', { name: 'new' })
    vi.advanceTimersByTime(1_001)
    expect(await cache.get('b')).toEqual({ name: 'new' })
  })

  it('goes on for hours while the source refuses', async () => {
    const { source, cache } = setUp()
    await cache.get('a')
    source.mode = 'refusing'
    await vi.advanceTimersByTimeAsync(6 * 3_600_000)
    expect(await cache.get('a')).toEqual({ name: 'first' })
    expect(await cache.get('a')).toEqual({ name: 'first' })
  })

  it('makes nobody wait again once a silent source is known to be away', async () => {
    const { source, cache } = setUp()
    await cache.get('a')
    source.mode = 'silent'
    vi.advanceTimersByTime(10_000)
    const first = cache.get('a')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await first).toEqual({ name: 'first' })
    const asked = source.asked
    expect(await cache.get('a')).toEqual({ name: 'first' })
    expect(source.asked).toBe(asked)
  })

  it('throws "unavailable" for what was never known while the source is away', async () => {
    const { source, cache } = setUp()
    source.mode = 'refusing'
    await expect(cache.get('never seen')).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('notices by itself that the source is back, and then asks again before it answers', async () => {
    const { source, cache } = setUp()
    await cache.get('a')
    source.mode = 'refusing'
    vi.advanceTimersByTime(10_000)
    await cache.get('a')
    source.mode = 'up'
    source.rows.delete('a')
    await vi.advanceTimersByTimeAsync(1_000)
    vi.advanceTimersByTime(3_600_000)
    expect(await cache.get('a')).toBeNull()
  })

  it('asks again at once after `expire`, and does not store an answer that was asked for before it', async () => {
    const { source, cache } = setUp()
    let answerOld = (_: Value | null) => undefined as void
    const old = new Promise<Value | null>((resolve) => (answerOld = resolve))
    const load = vi.spyOn(source, 'load')
    const spied = makeLastKnown<Value>({ what: 'thing', load: (key) => source.load(key), max: 100 })
    load.mockReturnValueOnce(old)
    const waiting = spied.get('a')
    spied.expire()
    source.rows.set('a', { name: 'changed' })
    expect(await spied.get('a')).toEqual({ name: 'changed' })
    answerOld({ name: 'old' })
    await waiting
    expect(await spied.get('a')).toEqual({ name: 'changed' })
    expect(await cache.get('a')).toEqual({ name: 'changed' })
  })

  it('keeps a value as a fallback through `expire` while the source is away', async () => {
    const { source, cache } = setUp()
    await cache.get('a')
    cache.expire()
    source.mode = 'refusing'
    expect(await cache.get('a')).toEqual({ name: 'first' })
  })

  it('lets no more than 64 questions about unknown keys run at once', async () => {
    const { source, cache } = setUp()
    source.mode = 'silent'
    const guesses = Array.from({ length: 100 }, (_, at) => cache.get(`guess ${at}`).catch(() => 'refused'))
    await vi.advanceTimersByTimeAsync(0)
    expect(source.asked).toBe(64)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await Promise.all(guesses)).toEqual(Array.from({ length: 100 }, () => 'refused'))
  })

  it('takes back what an earlier process knew, as a fallback only', async () => {
    const { source, cache } = setUp()
    cache.restore([
      ['a', { name: 'remembered' }],
      ['gone', { name: 'remembered' }],
    ])
    expect(await cache.get('gone')).toBeNull()
    expect(await cache.get('a')).toEqual({ name: 'first' })
    source.mode = 'refusing'
    const cold = makeLastKnown<Value>({ what: 'thing', load: source.load, max: 100 })
    cold.restore([['a', { name: 'remembered' }]])
    expect(await cold.get('a')).toEqual({ name: 'remembered' })
  })
})
