'use client'

import { useState } from 'react'
import { fetchJson } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { StatusPill } from '@/components/ui/status-pill'
import { toast } from '@/components/ui/toast'
import { formatQuantity } from '@/lib/format'
import type { ChainCheck } from '@/lib/users/audit'

/** Recomputes the hash chain and says how it is. */
export function ChainCheckButton() {
  const [result, setResult] = useState<ChainCheck | null>(null)
  const [isBusy, setIsBusy] = useState(false)

  async function check() {
    setIsBusy(true)
    try {
      setResult(await fetchJson<ChainCheck>('/api/audit/check'))
    } catch (error) {
      toast.failure(error)
    }
    setIsBusy(false)
  }

  return (
    <span className="flex flex-wrap items-center gap-2" aria-live="polite">
      {result && <Verdict {...result} />}
      <Button size="small" isBusy={isBusy} onClick={() => void check()}>
        Verify the chain
      </Button>
    </span>
  )
}

function Verdict({ entries, brokenAt }: ChainCheck) {
  if (brokenAt === null)
    return <StatusPill status="ok">{formatQuantity(entries, 'entry', 'entries')}, unbroken</StatusPill>
  return <StatusPill status="danger">broken after {formatQuantity(entries, 'entry', 'entries')}</StatusPill>
}
