import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'

/** What the scripts share. Plain Node: it runs before anything is installed. */

export const root = path.resolve(import.meta.dirname, '..')

/** Nothing of ours calls home. */
export const quiet = {
  NEXT_TELEMETRY_DISABLED: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
  CHECKPOINT_DISABLE: '1',
}

export class StepError extends Error {}

const wantedNode = [20, 19]

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  const isOld = major < wantedNode[0] || (major === wantedNode[0] && minor < wantedNode[1])
  if (isOld)
    throw new StepError(`Node.js ${wantedNode.join('.')} or newer is needed; this is ${process.versions.node}.`)
}

/** Reads .env, where the shell says nothing else. In a terminal the log is for people unless it is told otherwise. */
export function readSettings() {
  try {
    process.loadEnvFile(path.join(root, '.env'))
  } catch {
    // No .env file, or one that cannot be read, which the server says: the environment alone counts.
  }
  if (process.stdout.isTTY) process.env.LOG_FORMAT ||= 'pretty'
}

/** Says what is going on, and how long it took. */
export async function step(title, work) {
  const begin = performance.now()
  console.log(`▸ ${title} …`)
  const result = await work()
  console.log(`✓ ${title} (${((performance.now() - begin) / 1000).toFixed(1)} s)`)
  return result
}

/**
 * Runs a program in the project folder and resolves with its exit code and output. `output`: 'show' streams
 * it, 'keep' returns it.
 */
export function runProgram(command, args, { env = {}, output = 'show', cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const stdio = output === 'show' ? 'inherit' : ['ignore', 'pipe', 'pipe']
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...quiet, ...env },
      stdio,
      shell: process.platform === 'win32',
    })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => (text += piece))
    const leave = () => process.exit(child.kill('SIGTERM') ? 143 : 1)
    process.once('SIGTERM', leave)
    child.once('error', reject)
    child.once('close', (code) => {
      process.removeListener('SIGTERM', leave)
      resolve({ code: code ?? 1, text })
    })
  })
}

/** A command of an installed package that must succeed; its output is shown when it does not. */
export async function runTool(name, ...args) {
  const { code, text } = await runProgram(process.execPath, [binOf(name), ...args], { output: 'keep' })
  if (code !== 0) throw new StepError(`${text.trim()}\n\n${name} ${args.join(' ')} failed (exit code ${code}).`)
}

/** The JavaScript file behind a command of an installed package, to be run with this very Node. */
export function binOf(packageName) {
  const folder = path.join(root, 'node_modules', packageName)
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'))
  return path.join(folder, typeof bin === 'string' ? bin : Object.values(bin)[0])
}

/** One digest of files and folders (without tests), by name and content. */
export function digestOf(names, ignore = () => false) {
  const hash = createHash('sha256')
  for (const file of names.flatMap((name) => filesBelow(name)).sort()) {
    if (!ignore(file))
      hash
        .update(`${file}\0`)
        .update(readFileSync(path.join(root, file)))
        .update('\0')
  }
  return hash.digest('hex')
}

function filesBelow(name) {
  const full = path.join(root, name)
  if (!existsSync(full)) return []
  if (!statSync(full).isDirectory()) return [name]
  const entries = readdirSync(full, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
}

/**
 * A signal to `npm` ends npm and the shell between, and never arrives here. Being orphaned is that signal.
 * Ctrl-C needs no help: the terminal sends it to every process of the group.
 */
export function leaveWithNpm() {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, 250)
  timer.unref()
}

/** Ends the script with the sentence of a StepError, or with the whole of an unexpected error. */
export function failScript(error) {
  console.error(error instanceof StepError ? `✗ ${error.message}` : error)
  process.exit(1)
}
