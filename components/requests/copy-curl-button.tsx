'use client'

import { Terminal } from 'lucide-react'
import { useState } from 'react'
import { fetchJson, fetchResponse } from '@/components/shell/fetcher'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'
import type { RecordedRequest } from '@/lib/requests/get-request'
import type { RequestDetail } from '@/lib/requests/request-detail'
import { buildCurl } from './build-curl'
import { copyText } from './copy-text'

/** Longer arguments do not fit on a command line everywhere. */
const longestArgument = 100_000

/** The same call as a command; the key is a placeholder, for nobody has it. */
export function CopyCurlButton({ facts }: { facts: RecordedRequest }) {
  const [isBusy, setBusy] = useState(false)
  async function copy() {
    setBusy(true)
    try {
      await copyText(await curlOf(facts))
    } catch (error) {
      toast.failure(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size="small" isBusy={isBusy} onClick={() => void copy()}>
      <Terminal aria-hidden />
      Copy as curl
    </Button>
  )
}

async function curlOf({ requestId, method, path, requestBytes }: RecordedRequest): Promise<string> {
  const { target, requestHeaders, content } = await fetchJson<RequestDetail>(`/api/requests/${requestId}`)
  if (!requestHeaders) throw new Error('What was sent is not there any more, or you may not see it.')
  const isInline = content.request.state === 'kept' && requestBytes <= longestArgument
  return buildCurl({
    method,
    url: new URL(target ?? path, location.origin).href,
    headers: requestHeaders,
    body: requestBytes === 0 ? '' : isInline ? await textOf(requestId) : null,
    bodyFile: `${requestId}-request.json`,
  })
}

/** null when the bytes are no text, e.g. compressed: a command line could not carry them. */
async function textOf(requestId: string): Promise<string | null> {
  const response = await fetchResponse(`/api/requests/${requestId}/raw/request`)
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer())
  return /[\u0000\uFFFD]/.test(text) ? null : text
}
