import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { root, runProgram, step } from './steps.mjs'

/** The reverse proxies whose recipes are tested, as Debian's packages are called. */
const proxies = ['nginx', 'caddy']

/**
 * Fetches what is missing into .cache/programs: unpacked, not installed, so that nothing starts and nothing changes
 * outside of this folder. Where that cannot be, the tests go without and say so in their titles, and so does the bench.
 */
export async function fetchPrograms(wanted = proxies) {
  const missing = wanted.filter((name) => spawnSync(name, ['-v']).error && !existsSync(folderOf(name)))
  if (missing.length === 0 || !existsSync('/usr/bin/apt-get')) return
  await step(`Fetching ${missing.join(' and ')} (apt-get)`, async () => {
    for (const name of missing) if (!(await fetchPackage(name))) console.log(`  ${name} cannot be had here`)
  })
}

const folderOf = (name) => path.join(root, '.cache', 'programs', name)

async function fetchPackage(name) {
  const downloads = path.join(root, '.cache', 'downloads')
  for (const folder of [downloads, path.dirname(folderOf(name))]) mkdirSync(folder, { recursive: true })
  const download = () => runIn(downloads, 'apt-get', '-q', 'download', name)
  if (!(await download()) && !((await runIn(downloads, 'apt-get', '-q', 'update')) && (await download()))) return false
  const file = readdirSync(downloads).find((entry) => entry.startsWith(`${name}_`) && entry.endsWith('.deb'))
  return file !== undefined && (await runIn(downloads, 'dpkg', '-x', file, folderOf(name)))
}

async function runIn(cwd, command, ...args) {
  const { code } = await runProgram(command, args, { output: 'keep', cwd })
  return code === 0
}
