import { formatDuration } from '@/lib/format'
import { listGone } from '@/lib/ops/process-board'
import { findingsIn, type Finding } from './finding'

const { warning } = findingsIn('Server')

/** Whether a process ended and left something in its journal that nobody brings into the database. */
export async function checkProcesses(): Promise<Finding[]> {
  const gone = await listGone()
  return gone.map(({ host, role, silentMs, figures: { pending, openStreams } }) => {
    const left = pending + openStreams
    const requests = `${left} ${left === 1 ? 'request' : 'requests'}`
    return warning({
      id: 'journal-left',
      says: `Nothing was heard of a process on ${host} (role ${role}) for ${formatDuration(silentMs)}; its journal may hold ${requests} that are not in the database.`,
      fix: `Start a process on the data folder it had on ${host}: it records what is left.`,
    })
  })
}
