'use client'

import { BlockFrame } from './block-frame'
import { JsonView } from './json-view'
import { LongText } from './long-text'
import { DocumentView, ImageView } from './media-block'
import type { PreparedBlock } from './prepared-message'

/** What a tool gave back: text as it is, pictures and documents on request, anything else as JSON. */
export function ResultBlocks({ blocks }: { blocks: readonly PreparedBlock[] }) {
  return (
    <div className="space-y-2">
      {blocks.map((block) => (
        <BlockFrame key={block.key} block={block} copied={block.kind === 'text' ? block.text : undefined}>
          <ResultBlock block={block} />
        </BlockFrame>
      ))}
    </div>
  )
}

function ResultBlock({ block }: { block: PreparedBlock }) {
  switch (block.kind) {
    case 'text':
      return <LongText as="plain" text={block.text} />
    case 'image':
      return <ImageView block={block} />
    case 'document':
      return <DocumentView block={block} />
    case 'notice':
      return <p className="text-secondary">{block.text}</p>
    default:
      return <JsonView value={block.raw} openLevels={1} />
  }
}
