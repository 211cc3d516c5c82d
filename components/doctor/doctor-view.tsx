'use client'

import useSWR from 'swr'
import { fetchJson } from '@/components/shell/fetcher'
import { PageHeader } from '@/components/ui/page-header'
import { StatusPill } from '@/components/ui/status-pill'
import { FindingsCard } from './findings-card'
import { prepareVitals, type Vitals, type VitalTile } from './prepare-vitals'
import { ProcessesCard } from './processes-card'

interface DoctorViewProps {
  initial: Vitals
  maySeeFindings: boolean
}

/** How the server is doing, and what is set up wrongly. */
export function DoctorView({ initial, maySeeFindings }: DoctorViewProps) {
  const { data: vitals = initial } = useSWR('/api/doctor/vitals', fetchJson<Vitals>, {
    fallbackData: initial,
    refreshInterval: 5_000,
  })
  return (
    <>
      <PageHeader title="Health" description="How this server is doing, and what to put right." />
      <ul aria-label="State of the server" className="mb-4 grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {prepareVitals(vitals).map((tile) => (
          <Tile key={tile.name} tile={tile} />
        ))}
      </ul>
      {vitals.processes.length > 1 && <ProcessesCard processes={vitals.processes} />}
      {maySeeFindings && <FindingsCard />}
    </>
  )
}

function Tile({ tile: { name, status, word, figure, detail } }: { tile: VitalTile }) {
  return (
    <li className="flex min-w-0 flex-col gap-1 rounded-card border border-line bg-panel px-4 py-3">
      <div className="flex items-center justify-between gap-2">
        <h2 className="text-control font-medium text-secondary">{name}</h2>
        <StatusPill status={status}>{word}</StatusPill>
      </div>
      <p className="text-page font-semibold numeric">{figure}</p>
      <p className="text-table text-muted numeric">{detail}</p>
    </li>
  )
}
