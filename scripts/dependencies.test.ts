import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import lock from '@/package-lock.json'
import manifest from '@/package.json'
import { billOf } from './bill-of-materials'

interface LockedPackage {
  readonly version?: string
  readonly integrity?: string
}

const wanted: Record<string, string> = {
  ...manifest.dependencies,
  ...manifest.devDependencies,
  ...manifest.optionalDependencies,
  ...manifest.overrides,
}
const locked = Object.entries(lock.packages as Record<string, LockedPackage>).filter(([folder]) => folder !== '')
const bill = billOf(manifest, lock.packages)
const versionsOf = (name: string) =>
  locked.filter(([folder]) => folder.endsWith(`node_modules/${name}`)).map(([, { version }]) => version ?? '')
const numberOf = (version: string) =>
  version.split('.').reduce((sum, part) => sum * 1_000 + Number.parseInt(part, 10), 0)

/** Oldest versions without a published vulnerability that concerns this program. */
const floors = {
  next: '16.4.1',
  'next-auth': '4.24.15',
  react: '19.3.1',
  'react-dom': '19.3.1',
  sharp: '0.35.5',
  undici: '7.30.2',
}

describe('the dependencies', () => {
  test('are asked for by exact version', () => {
    expect(Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([])
  })

  test('are locked with a digest of their content', () => {
    expect(locked.filter(([, { integrity }]) => !integrity)).toEqual([])
  })

  test('each have a reason in docs/dependencies.md', () => {
    const explained = [...readFileSync('docs/dependencies.md', 'utf8').matchAll(/^\| `([^`]+)` \|/gm)].map(
      ([, name]) => name,
    )
    expect(explained.sort()).toEqual(Object.keys(wanted).sort())
  })

  test.each(Object.entries(floors))('hold no %s older than %s', (name, floor) => {
    const versions = versionsOf(name)
    expect(versions).not.toEqual([])
    expect(versions.filter((version) => numberOf(version) < numberOf(floor))).toEqual([])
  })

  test('are in the bill of materials when they run, and not when they build or test', () => {
    const listed = bill.components.map(({ name, version }) => `${name}@${version}`)
    const namesOf = (from: Record<string, string>) => Object.entries(from).map((pair) => pair.join('@'))
    expect(listed).toEqual(expect.arrayContaining(namesOf(manifest.dependencies)))
    const tools = namesOf(manifest.devDependencies).filter((name) => !name.startsWith('@types/'))
    expect(listed.filter((name) => tools.includes(name))).toEqual([])
    expect(new Set(listed).size).toBe(listed.length)
  })

  test('have a digest and a licence in the bill of materials', () => {
    const digest = [{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) as string }]
    for (const { hashes, licenses } of bill.components) {
      expect(hashes).toEqual(digest)
      expect(licenses).toHaveLength(1)
    }
  })
})
