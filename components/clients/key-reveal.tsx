'use client'

import { useEffect, useRef, useState, type RefObject } from 'react'
import { useOrigin } from '@/components/shell/use-origin'
import { Button } from '@/components/ui/button'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { CodeBlock } from '@/components/ui/code-block'
import { CopyButton } from '@/components/ui/copy-button'
import { Tabs } from '@/components/ui/tabs'
import type { MadeClientKey } from '@/lib/clients/client-keys'
import type { Sent } from '@/lib/sent'
import { FirstRequestWatch } from './first-request'
import { buildSnippets, type SnippetGroup } from './key-snippets'

interface KeyRevealProps {
  made: Sent<MadeClientKey>
  /** PUBLIC_URL where it is set; otherwise the address in the browser is the best guess. */
  publicUrl: string | null
  onDone: () => void
}

/** A new key, this one time, with what to paste and a watch for its first request. Stays until it is put away. */
export function KeyReveal({ made, publicUrl, onDone }: KeyRevealProps) {
  const card = useRef<HTMLElement>(null)
  const shownIn = useRef<HTMLElement>(null)
  useFocusOnArrival(card)
  const baseUrl = useOrigin(publicUrl)
  const [tab, setTab] = useState('claude-code')
  const { key, clientKey } = made
  return (
    <Card ref={card} tabIndex={-1} className="mb-4 border-accent" aria-label="New client key">
      <CardHeader
        title={`Key for ${clientKey.name}`}
        hint="Copy it now: it is stored as a hash only and cannot be shown again."
        actions={<Button onClick={onDone}>Done</Button>}
      />
      <CardBody className="flex flex-col gap-4">
        <div className="flex flex-wrap items-center gap-2">
          <code ref={shownIn} className="min-w-0 rounded-control bg-subtle px-2 py-1.5 text-body break-all" data-secret>
            {key}
          </code>
          <CopyButton text={key} label="Copy key" shownIn={shownIn} size="medium" />
        </div>
        <Tabs
          label="Ways to use the key"
          value={tab}
          onChange={setTab}
          tabs={buildSnippets({ baseUrl, key }).map((group) => ({
            value: group.value,
            label: group.label,
            content: <Snippets group={group} />,
          }))}
        />
        <FirstRequestWatch clientKeyId={clientKey.clientKeyId} />
      </CardBody>
    </Card>
  )
}

function Snippets({ group }: { group: SnippetGroup }) {
  return (
    <div className="flex flex-col gap-3">
      {group.snippets.map(({ label, code, note }) => (
        <div key={label} className="flex flex-col gap-1.5">
          <CodeBlock label={label} code={code} />
          {note && <p className="text-body text-muted">{note}</p>}
        </div>
      ))}
    </div>
  )
}

/** The dialog that made the key gives the focus back as it closes; the next frame is ours. */
function useFocusOnArrival(card: RefObject<HTMLElement | null>) {
  useEffect(() => {
    const frame = requestAnimationFrame(() => card.current?.focus())
    return () => cancelAnimationFrame(frame)
  }, [card])
}
