import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { environmentSchema, parseEnvironment } from '@/lib/env'

interface Entry {
  readonly name: string
  readonly fallback: string
}

const known = Object.keys(environmentSchema.shape).sort()
const defaults = parseEnvironment({}) as Record<string, unknown>
const namesOf = (entries: readonly Entry[]) => entries.map(({ name }) => name).sort()

function entriesOf(file: string, pattern: RegExp): Entry[] {
  return [...readFileSync(file, 'utf8').matchAll(pattern)].map(([, name = '', fallback = '']) => ({ name, fallback }))
}

const documented = entriesOf('docs/environment.md', /^\| `([A-Z_]+)` \|[^|]*\| (?:`([^`]*)`)? *\|/gm)
const inExample = entriesOf('.env.example', /^#([A-Z_]+)=(.*)$/gm)

/** What an example line of a variable without default shows is an illustration. */
const illustrated = new Set(['PUBLIC_URL', 'DATABASE_URL'])

describe('the environment', () => {
  test('is documented variable by variable in docs/environment.md', () => {
    expect(namesOf(documented)).toEqual(known)
  })

  test('has every variable in .env.example', () => {
    expect(namesOf(inExample)).toEqual(known)
  })

  test.each(documented)('has the documented default of $name', ({ name, fallback }) => {
    expect(fallback).toBe(String(defaults[name] ?? ''))
  })

  test.each(inExample.filter(({ name }) => !illustrated.has(name)))(
    'has the default of $name in .env.example',
    ({ name, fallback }) => {
      expect(fallback).toBe(String(defaults[name] ?? ''))
    },
  )
})
