import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { bundleOf } from './bundle-of'

const isProgram = (name: string) => name.endsWith('.ts') && !/\.(db\.)?test\.ts$|\.d\.ts$/.test(name)

test('no script needs the test runner: it ends a program that it did not start', async () => {
  const names = readdirSync('scripts', { recursive: true, encoding: 'utf8' }).filter(isProgram)
  const { inputs } = await bundleOf(names.map((name) => path.join('scripts', name)))
  const inNeed = Object.entries(inputs).filter(([, { imports }]) =>
    imports.some((imported) => imported.external && imported.path === 'vitest'),
  )
  expect(inNeed.map(([file]) => file)).toEqual([])
})
