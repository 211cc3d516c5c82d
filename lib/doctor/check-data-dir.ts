import { mkdir, mkdtemp, rmdir, stat, statfs } from 'node:fs/promises'
import path from 'node:path'
import { env } from '@/lib/env'
import { formatBytes } from '@/lib/format'
import { findingsIn, type Finding } from './finding'

const { ok, warning, fault } = findingsIn('Data folder')

/** Whether the data folder can be written, keeps its secrets to itself and has room. */
export async function checkDataDir(): Promise<Finding[]> {
  const folder = path.resolve(env().NEXUS_DATA_DIR)
  const problem = await writeProblem(folder)
  if (problem) {
    const fix = `Make ${folder} a folder that the user of the server may write, or set NEXUS_DATA_DIR to one, and restart.`
    return [fault({ id: 'data-folder', says: `${folder} cannot be written (${problem}).`, fix })]
  }
  const { bavail, bsize, blocks } = await statfs(folder)
  return [
    ok('data-folder', `${folder} can be written.`),
    ...(await checkSecretsFile(folder)),
    judgeDisk({ folder, freeBytes: bavail * bsize, totalBytes: blocks * bsize }),
  ]
}

async function writeProblem(folder: string): Promise<string | null> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await rmdir(await mkdtemp(path.join(folder, 'doctor-')))
    return null
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown'
  }
}

async function checkSecretsFile(folder: string): Promise<Finding[]> {
  const file = path.join(folder, 'secrets.json')
  const found = await stat(file).catch(() => null)
  if (!found || (found.mode & 0o077) === 0 || process.platform === 'win32') return []
  const says = `${file} can be read by other users of this machine (mode ${(found.mode & 0o777).toString(8)}).`
  return [warning({ id: 'secrets-readable', says, fix: `chmod 600 ${file}` })]
}

interface Disk {
  readonly folder: string
  readonly freeBytes: number
  readonly totalBytes: number
}

const gib = 1024 ** 3
const fewBytes = 5 * gib
const tooFewBytes = 0.5 * gib

/** Pure. */
export function judgeDisk({ folder, freeBytes, totalBytes }: Disk): Finding {
  const says = `${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} are free where ${folder} is.`
  const fix = `Make room, or set RETENTION_DAYS so that old bodies go (figures stay). With a full disk the database stops, and the journal after it.`
  if (freeBytes < tooFewBytes) return fault({ id: 'disk-space', says, fix })
  return freeBytes < fewBytes ? warning({ id: 'disk-space', says, fix }) : ok('disk-space', says)
}
