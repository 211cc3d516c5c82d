import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { digestOf, root, runProgram, runTool, step, StepError } from './steps.mjs'

/** Brings the working copy into the state a script needs; each function does nothing when that is so already. */

const cache = path.join(root, '.cache')

export async function ensureInstalled() {
  if (isInstalled()) return
  await alone(async () => {
    if (isInstalled()) return
    await step('Installing dependencies', async () => {
      // No package may run a script of its own at install; none that we use needs one.
      const { code } = await runProgram('npm', [
        'ci',
        '--include=dev',
        '--ignore-scripts',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
      ])
      if (code !== 0) throw new StepError('`npm ci` failed; its own message is above.')
    })
  })
}

/** npm notes what it installed: compare that with what package-lock.json asks for. */
function isInstalled() {
  const installed = readPackages(path.join(root, 'node_modules', '.package-lock.json'))
  const wanted = readPackages(path.join(root, 'package-lock.json'))
  return Object.entries(wanted).every(([folder, { version, optional, devOptional, peer }]) => {
    const found = installed[folder]
    return folder === '' || (found ? found.version === version : optional || devOptional || peer)
  })
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {}
}

export async function ensureGenerated() {
  const isDone = () =>
    existsSync(path.join(root, 'prisma/client/client.ts')) && isStamped('prisma-client', generatedFrom)
  if (isDone()) return
  await alone(async () => {
    if (!isDone()) await generate()
  })
}

const generatedFrom = () => digestOf(['prisma/schema.prisma', 'prisma.config.ts', 'node_modules/prisma/package.json'])

async function generate() {
  const digest = generatedFrom()
  await step('Generating the database client', () => runTool('prisma', 'generate'))
  stamp('prisma-client', digest)
}

const sources = [
  ...['app', 'components', 'lib', 'prisma', 'public'],
  ...['server.ts', 'proxy.ts', 'instrumentation.ts', 'next.config.mjs', 'postcss.config.mjs', 'prisma.config.ts'],
  ...['package.json', 'package-lock.json', 'scripts/prepare.mjs'],
]
// Next rewrites tsconfig.json as it likes, so that file says nothing about the sources.
const isNoSource = (file) => /\.test\.tsx?$|^lib\/testing\/|^prisma\/(client|migrations)\//.test(file)
const pagesFolder = process.env.NEXT_DIST_DIR ?? '.next'
const builtFrom = () => `${digestOf(sources, isNoSource)} ${pagesFolder}`
const serverFile = path.join(root, 'dist', 'server.mjs')

/** The self-hosted server, built from the sources as they are now. */
export async function ensureBuilt() {
  const isDone = () =>
    existsSync(serverFile) && existsSync(path.join(root, pagesFolder, 'BUILD_ID')) && isStamped('build', builtFrom)
  if (!isDone()) {
    await alone(async () => {
      if (!isDone()) await build()
    })
  }
  return serverFile
}

export async function build() {
  const digest = builtFrom()
  rmSync(stampFile('build'), { force: true })
  await generate()
  await step('Building the pages', () => runTool('next', 'build'))
  await step('Building the server', bundleServer)
  stamp('build', digest)
}

async function bundleServer() {
  const { build: bundle } = await import('esbuild')
  await bundle({
    absWorkingDir: root,
    entryPoints: ['server.ts', 'lib/ops/recorder-thread.ts'],
    entryNames: '[name]',
    outdir: path.dirname(serverFile),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  })
}

const stampFile = (name) => path.join(cache, `${name}.sha256`)
const isStamped = (name, digest) => existsSync(stampFile(name)) && readFileSync(stampFile(name), 'utf8') === digest()

function stamp(name, digest) {
  mkdirSync(cache, { recursive: true })
  writeFileSync(stampFile(name), digest)
}

const longestPreparationMs = 20 * 60_000

/** Two starts at once take turns; a lock whose owner is dead counts for nothing. */
async function alone(work) {
  const file = path.join(cache, 'prepare.lock')
  mkdirSync(cache, { recursive: true })
  for (let waited = 0; !takeLock(file); waited += 1) {
    if (waited === 0) console.log('Another start is preparing this folder; waiting for it …')
    await delay(250)
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    release()
    process.removeListener('exit', release)
  }
}

function takeLock(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    if (!isOwned(file)) rmSync(file, { force: true })
    return false
  }
}

function isOwned(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    // An empty file was made this very moment.
    if (pid > 0) process.kill(pid, 0)
    return Date.now() - statSync(file).mtimeMs < longestPreparationMs
  } catch {
    // Gone: the lock, or its owner.
    return false
  }
}
