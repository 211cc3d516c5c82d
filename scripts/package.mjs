import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import config from '../next.config.mjs'
import { ensureBuilt, ensureInstalled } from './prepare.mjs'
import { failScript, requireNode, root, step } from './steps.mjs'

const programs = ['server.mjs', 'recorder-thread.mjs']

/**
 * `npm run package`: everything the built server needs to run elsewhere, in dist/package (or the folder given):
 * what a container image holds. The built-in PostgreSQL stays out: there, DATABASE_URL names a server.
 */
try {
  requireNode()
  await ensureInstalled()
  await ensureBuilt()
  const target = path.resolve(process.argv[2] ?? path.join(root, 'dist', 'package'))
  await step(`Packaging into ${target}`, () => makePackage(target))
} catch (error) {
  failScript(error)
}

async function makePackage(target) {
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  for (const name of programs) for (const file of [name, `${name}.map`]) copy(path.join('dist', file), target)
  for (const name of ['prisma/migrations', 'package.json']) copy(name, target)
  copy('.next', target, (file) => !/^\.next\/(cache|dev|diagnostics|types|trace[^/]*)(\/|$)|\.nft\.json$/.test(file))
  for (const folder of runtimePackages()) copy(folder, target, (file) => !isForDevelopers(file))
}

function copy(name, target, isWanted = () => true) {
  cpSync(path.join(root, name), path.join(target, name), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => isWanted(path.relative(root, source)),
  })
}

/** Types, maps and guides of packages, and Prisma's compilers for databases we do not speak to. */
function isForDevelopers(file) {
  return /\.(map|d\.[cm]?ts|md)$/.test(file) || /query_compiler_.*\.(cockroachdb|mysql|sqlite|sqlserver)\./.test(file)
}

/** Folders of the packages that the two bundles leave outside, with all they depend on. */
function runtimePackages() {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
  const found = new Set()
  const add = (folder) => {
    if (!folder || found.has(folder) || isForBuilding(folder)) return
    found.add(folder)
    const { dependencies, optionalDependencies } = packages[folder]
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) add(findPackage(name, folder))
  }
  const findPackage = (name, from) => {
    for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
      const folder = path.posix.join(at, 'node_modules', name)
      if (packages[folder]) return folder
      if (at === '') return null
    }
  }
  const imports = programs.flatMap((name) => importsOf(path.join('dist', name)))
  const names = ['next', 'react', 'react-dom', ...config.serverExternalPackages, ...imports]
  for (const name of names) add(findPackage(name, ''))
  return [...found].filter((folder) => existsSync(path.join(root, folder)))
}

/** Compilers and image tools: the pages are compiled, and their pictures are served as they are. */
function isForBuilding(folder) {
  return /node_modules\/(@next\/swc-|sharp$|@img\/)/.test(folder)
}

/** The packages a bundle asks for by name. */
function importsOf(file) {
  const names = readFileSync(path.join(root, file), 'utf8').matchAll(
    /^(?:import|export) .*from "((?:@[\w.-]+\/)?[\w.-]+)/gm,
  )
  return [...names].map(([, name]) => name)
}
