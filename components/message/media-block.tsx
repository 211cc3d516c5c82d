'use client'

import { FileText, Image as ImageIcon } from 'lucide-react'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { formatBytes } from '@/lib/format'
import { cleanText } from './clean-text'
import { LongText } from './long-text'
import { OutsideLink } from './markdown'
import type { DocumentBlock, ImageBlock } from './prepared-message'

/** A picture, drawn only when asked for; a remote one is a link and is never loaded. */
export function ImageView({ block }: { block: ImageBlock }) {
  const [isShown, setShown] = useState(false)
  const type = cleanText(block.mediaType)
  if (block.url) return <OutsideLink href={block.url}>Remote picture</OutsideLink>
  if (!block.dataUrl) return <p className="text-muted">Picture ({type}) that is not shown here. Raw has its bytes.</p>
  return (
    <div>
      <Button size="small" onClick={() => setShown(!isShown)} aria-expanded={isShown}>
        <ImageIcon aria-hidden />
        {isShown ? 'Hide image' : `Show image · ${type} · ${formatBytes(block.bytes)}`}
      </Button>
      {isShown && <Picture src={block.dataUrl} />}
    </div>
  )
}

function Picture({ src }: { src: string }) {
  const className = 'mt-2 max-h-[60vh] max-w-full rounded-control border border-line'
  // eslint-disable-next-line @next/next/no-img-element -- a data URL: there is nothing to fetch or to optimise
  return <img src={src} alt="From the conversation" className={className} />
}

export function DocumentView({ block }: { block: DocumentBlock }) {
  return (
    <div className="rounded-card border border-line p-3">
      <p className="flex flex-wrap items-center gap-2 font-medium">
        <FileText className="size-4 text-muted" aria-hidden />
        {block.url ? <OutsideLink href={block.url}>{cleanText(block.title)}</OutsideLink> : cleanText(block.title)}
        <span className="font-normal text-muted">
          {cleanText(block.mediaType)}
          {block.bytes > 0 && ` · ${formatBytes(block.bytes)}`}
        </span>
      </p>
      {block.text && <LongText as="plain" text={block.text} />}
    </div>
  )
}
