import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { bundleOf } from './bundle-of'

type Graph = ReadonlyMap<string, readonly string[]>

const sourcesOf = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts'))
    .map((name) => path.join(folder, name))

/** Who imports whom at run time; imports of types alone are gone here, as they are in the build. */
async function readGraph(): Promise<Graph> {
  const { inputs } = await bundleOf([
    'server.ts',
    'instrumentation.ts',
    ...['app', 'components', 'lib'].flatMap(sourcesOf),
  ])
  const edges = Object.entries(inputs).map(([file, { imports }]) => {
    return [file, imports.filter(({ external }) => !external).map((imported) => imported.path)] as const
  })
  return new Map(edges)
}

function findCycle(graph: Graph): readonly string[] | null {
  const done = new Set<string>()
  const visit = (file: string, trail: readonly string[]): readonly string[] | null => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file]
    if (done.has(file)) return null
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...trail, file])
      if (cycle) return cycle
    }
    done.add(file)
    return null
  }
  for (const file of graph.keys()) {
    const cycle = visit(file, [])
    if (cycle) return cycle
  }
  return null
}

test('no module imports itself through others', async () => {
  expect(findCycle(await readGraph())).toBeNull()
})

test('a circle of imports is found wherever it begins', () => {
  const graph = new Map([
    ['door', ['a']],
    ['a', ['b', 'c']],
    ['b', []],
    ['c', ['a']],
  ])
  expect(findCycle(graph)).toEqual(['a', 'c', 'a'])
})
