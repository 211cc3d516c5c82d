'use client'

import { RotateCcw } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import useSWR from 'swr'
import { cleanText } from '@/components/message/clean-text'
import { fetchJson, sendJson, type ApiError } from '@/components/shell/fetcher'
import { Button, buttonClass } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { failureText } from '@/components/ui/failure-text'
import { Field } from '@/components/ui/field'
import { FormError } from '@/components/ui/form-error'
import { KeyValueList } from '@/components/ui/key-value-list'
import { Select } from '@/components/ui/select'
import { formatCostUsd } from '@/lib/format'
import type { ReplayEstimate } from '@/lib/requests/estimate-replay'
import type { RecordedRequest } from '@/lib/requests/get-request'

interface Sent {
  readonly requestId: string
  readonly status: number
}

const replayablePaths = ['/v1/messages', '/v1/messages/count_tokens']

/** Sends a request again, after saying what that may cost. */
export function ReplayButton({ facts }: { facts: RecordedRequest }) {
  const [isOpen, setOpen] = useState(false)
  if (facts.method !== 'POST' || !replayablePaths.includes(facts.path)) return null
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        <RotateCcw aria-hidden />
        Replay
      </Button>
      {isOpen && <ReplayDialog facts={facts} onClose={() => setOpen(false)} />}
    </>
  )
}

function ReplayDialog({ facts, onClose }: { facts: RecordedRequest; onClose: () => void }) {
  const [model, setModel] = useState(facts.model)
  const [sent, setSent] = useState<Sent | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const path = `/api/requests/${facts.requestId}/replay`
  async function send() {
    setBusy(true)
    setProblem(null)
    try {
      const other = model === facts.model ? null : model
      setSent(await sendJson<Sent>(path, { method: 'POST', body: { model: other } }))
    } catch (error) {
      setProblem(failureText(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      title="Send this request again"
      description={`The recorded body goes to Claude once more, through the proxy, for ${cleanText(facts.domain)}. It is recorded as a replay and belongs to no conversation.`}
      footer={
        <>
          <Button onClick={onClose}>{sent ? 'Close' : 'Cancel'}</Button>
          {sent ? (
            <OpenReplay requestId={sent.requestId} />
          ) : (
            <Button variant="primary" isBusy={isBusy} onClick={() => void send()}>
              Send it
            </Button>
          )}
        </>
      }
    >
      <FormError message={problem ?? undefined} />
      {sent ? (
        <p role="status">Sent; the upstream answered with {sent.status}.</p>
      ) : (
        <Estimate path={path} model={model} onModel={setModel} />
      )}
    </Dialog>
  )
}

interface EstimateProps {
  path: string
  model: string | null
  onModel: (model: string) => void
}

function Estimate({ path, model, onModel }: EstimateProps) {
  const query = model === null ? '' : `?model=${encodeURIComponent(model)}`
  const { data, error } = useSWR<ReplayEstimate, ApiError>(`${path}${query}`, fetchJson, { keepPreviousData: true })
  if (error) return <FormError message={failureText(error)} />
  const costText = (costUsd: string | null | undefined) =>
    costUsd === undefined ? '…' : costUsd === null ? 'unknown' : formatCostUsd(costUsd, 'estimated')
  return (
    <div className="flex flex-col gap-4">
      <Field label="Model" hint="With another model only that word of the body changes.">
        <Select value={model ?? ''} onChange={(event) => onModel(event.target.value)}>
          {(data?.models ?? (model === null ? [] : [model])).map((one) => (
            <option key={one} value={one}>
              {cleanText(one)}
            </option>
          ))}
        </Select>
      </Field>
      <KeyValueList
        items={[
          { label: 'With the cache as it was', value: costText(data?.sameCacheUsd) },
          { label: 'With nothing cached', value: costText(data?.noCacheUsd) },
        ]}
      />
      <p className="text-secondary">
        From the tokens of the first time. The answer may be longer, and another model counts tokens in its own way.
      </p>
    </div>
  )
}

const askAgainMs = 1_000

/** A request is recorded when its answer is complete. */
function OpenReplay({ requestId }: { requestId: string }) {
  const { data: isRecorded } = useSWR<boolean, ApiError>(['recorded', requestId], () => hasRequest(requestId), {
    refreshInterval: (isThere) => (isThere ? 0 : askAgainMs),
  })
  if (!isRecorded)
    return (
      <Button variant="primary" isBusy>
        The answer is coming
      </Button>
    )
  return (
    <Link href={`/requests/${requestId}`} className={buttonClass({ variant: 'primary' })}>
      Open the replay
    </Link>
  )
}

async function hasRequest(requestId: string): Promise<boolean> {
  try {
    await fetchJson(`/api/requests/${requestId}`)
    return true
  } catch (error) {
    if ((error as ApiError).status === 404) return false
    throw error
  }
}
