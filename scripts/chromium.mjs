import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, runProgram, step, StepError } from './steps.mjs'

/** Finds a Chromium for the browser tests, or gets one. Nothing is downloaded but packages of npm and Debian. */

const wellKnown = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
/** The last one for Node 20. */
const npmPackage = '@sparticuz/chromium@147.0.0'

export async function ensureChromium() {
  const named = process.env.CHROMIUM_PATH
  if (named && !existsSync(named)) throw new StepError(`CHROMIUM_PATH names ${named}, which does not exist.`)
  const found =
    named || wellKnown.find((file) => existsSync(file)) || (await installWithApt()) || (await installWithNpm())
  if (found) return found
  throw new StepError('No Chromium was found. Install one and name it: CHROMIUM_PATH=/path/to/chromium')
}

async function installWithApt() {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null
  const apt = (...args) =>
    runProgram('apt-get', ['-q', ...args], { output: 'keep', env: { DEBIAN_FRONTEND: 'noninteractive' } })
  return step('Installing Chromium (apt-get)', async () => {
    await apt('update')
    await apt('install', '-y', '--no-install-recommends', 'chromium')
    return wellKnown.find((file) => existsSync(file)) ?? null
  })
}

async function installWithNpm() {
  const folder = path.join(root, '.cache', 'chromium')
  const entry = path.join(folder, 'node_modules', '@sparticuz', 'chromium', 'build', 'esm', 'index.js')
  return step('Installing Chromium (npm)', async () => {
    await mkdir(folder, { recursive: true })
    if (!existsSync(entry))
      await runProgram('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', npmPackage], {
        output: 'keep',
      })
    if (!existsSync(entry)) return null
    const { default: chromium } = await import(pathToFileURL(entry).href)
    return chromium.executablePath()
  })
}
