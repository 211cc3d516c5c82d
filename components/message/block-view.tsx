'use client'

import { Info } from 'lucide-react'
import { formatBytes } from '@/lib/format'
import { BlockFrame } from './block-frame'
import { cleanText } from './clean-text'
import { Collapsible } from './collapsible'
import { JsonView } from './json-view'
import { LongText } from './long-text'
import { OutsideLink } from './markdown'
import { DocumentView, ImageView } from './media-block'
import type { PreparedBlock, TextBlock } from './prepared-message'
import { ToolBlock, ToolResultView } from './tool-block'

interface BlockViewProps {
  block: PreparedBlock
  areToolsOpen?: boolean
}

/** One block of a message. */
export function BlockView({ block, areToolsOpen = false }: BlockViewProps) {
  return (
    <BlockFrame block={block} copied={block.kind === 'text' || block.kind === 'thinking' ? block.text : undefined}>
      <BlockBody block={block} areToolsOpen={areToolsOpen} />
    </BlockFrame>
  )
}

function BlockBody({ block, areToolsOpen }: Required<BlockViewProps>) {
  switch (block.kind) {
    case 'text':
      return <TextView block={block} />
    case 'thinking':
      return block.text ? (
        <Collapsible summary={<span>Thinking · {sizeOf(block.text)}</span>}>
          <LongText as="markdown" text={block.text} />
        </Collapsible>
      ) : (
        <p className="text-secondary">Thinking that the model did not show.</p>
      )
    case 'tool_use':
      return <ToolBlock block={block} isOpen={areToolsOpen} />
    case 'tool_result':
      return (
        <div>
          <p className="text-secondary">Result of a call that is not in this request ({cleanText(block.toolUseId)})</p>
          <ToolResultView result={block.result} />
        </div>
      )
    case 'image':
      return <ImageView block={block} />
    case 'document':
      return <DocumentView block={block} />
    case 'compaction':
      return (
        <Collapsible summary={<span>Summary of the earlier conversation · {sizeOf(block.text)}</span>}>
          <LongText as="markdown" text={block.text} />
        </Collapsible>
      )
    case 'notice':
      return (
        <p className="flex items-center gap-2 text-secondary">
          <Info className="size-4 shrink-0" aria-hidden />
          {cleanText(block.text)}
        </p>
      )
    case 'unknown':
      return (
        <Collapsible summary={<span>Block of type “{cleanText(block.type)}”</span>}>
          <JsonView value={block.raw} />
        </Collapsible>
      )
  }
}

function TextView({ block }: { block: TextBlock }) {
  if (block.isReminder) {
    return (
      <Collapsible summary={<span>System reminder · {sizeOf(block.text)}</span>}>
        <LongText as="plain" text={block.text} />
      </Collapsible>
    )
  }
  return (
    <div>
      <LongText as="markdown" text={block.text} />
      {block.citations.length > 0 && (
        <ol className="mt-2 list-decimal pl-6 text-table text-secondary">
          {block.citations.map((citation, index) => (
            <li key={index} title={cleanText(citation.quote)}>
              {citation.url ? (
                <OutsideLink href={citation.url}>{cleanText(citation.title)}</OutsideLink>
              ) : (
                cleanText(citation.title)
              )}
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

const sizeOf = (text: string) => formatBytes(new TextEncoder().encode(text).length)
