import { build } from 'esbuild'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const isProgram = (name: string) => name.endsWith('.ts') && !/\.(db\.)?test\.ts$|\.d\.ts$/.test(name)

test('no script needs the test runner: it ends a program that it did not start', async () => {
  const names = readdirSync('scripts', { recursive: true, encoding: 'utf8' }).filter(isProgram)
  const { metafile } = await build({
    entryPoints: names.map((name) => path.join('scripts', name)),
    outdir: 'nowhere',
    write: false,
    metafile: true,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'silent',
  })
  const inNeed = Object.entries(metafile.inputs).filter(([, { imports }]) =>
    imports.some((imported) => imported.external && imported.path === 'vitest'),
  )
  expect(inNeed.map(([file]) => file)).toEqual([])
})
