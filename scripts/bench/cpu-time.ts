import { readFileSync } from 'node:fs'

/** /proc counts in hundredths of a second on every Linux that Node runs on. */
const msPerTick = 10

/** CPU time a process has used, with the children it has waited for; threads counted. */
function cpuMsOf(pid: number): number {
  const stat = read(`/proc/${pid}/stat`)
  // The name of the program may hold anything; the fields after it are numbers.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * msPerTick
}

/** CPU time of processes and of all below them. A child that ends between two readings is in its parent's figure. */
export function readCpuMs(pids: readonly number[]): number {
  const all = new Set(pids)
  // A set hands out what is added while it is gone through.
  for (const pid of all) for (const child of childrenOf(pid)) all.add(child)
  return [...all].reduce((sum, pid) => sum + cpuMsOf(pid), 0)
}

function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
}

/** Empty for a process that has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return ''
    throw error
  }
}

/** The most memory a process ever had, in megabytes. */
export function readPeakMegabytes(pid: number): number {
  const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kilobytes) / 1024
}
