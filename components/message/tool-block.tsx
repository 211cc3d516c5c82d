'use client'

import { CircleSlash, TriangleAlert, Wrench } from 'lucide-react'
import Link from 'next/link'
import { Badge } from '@/components/ui/badge'
import { KeyValueList } from '@/components/ui/key-value-list'
import { cleanText } from './clean-text'
import { Collapsible } from './collapsible'
import { JsonView } from './json-view'
import { LongText } from './long-text'
import { OutsideLink } from './markdown'
import type { PreparedField, PreparedToolInput, ToolResult, ToolUseBlock } from './prepared-message'
import { ResultBlocks } from './result-blocks'
import { TextDiff } from './text-diff'
import { useToolLink } from './tool-link'

const runByLabel = { client: null, server: 'server tool', mcp: 'MCP' }

/** A tool call with what came back. */
export function ToolBlock({ block, isOpen }: { block: ToolUseBlock; isOpen: boolean }) {
  const link = useToolLink(block)
  return (
    <div className="rounded-card border border-line">
      <Collapsible
        className="px-3 py-2"
        isOpenAtFirst={isOpen || (block.result?.isError ?? false)}
        summary={
          <>
            <Wrench className="size-3.5 self-center text-muted" aria-hidden />
            <span className="font-mono font-semibold text-ink">{cleanText(block.name)}</span>
            {runByLabel[block.runBy] && <Badge>{runByLabel[block.runBy]}</Badge>}
            <span className="max-w-full truncate font-mono text-table">{block.input.summary}</span>
            <ResultBadge block={block} />
          </>
        }
      >
        <ToolInput input={block.input} />
        {link && (
          <Link href={link.href} className="mt-2 inline-block text-accent underline">
            {link.label}
          </Link>
        )}
        {block.result && <ToolResultView result={block.result} />}
      </Collapsible>
    </div>
  )
}

/** A call of the answer is not missing its result: that comes with the next request. */
function ResultBadge({ block: { result, path } }: { block: ToolUseBlock }) {
  if (result?.isError) {
    return (
      <Badge tone="danger">
        <TriangleAlert aria-hidden />
        failed
      </Badge>
    )
  }
  if (result || path.startsWith('response')) return null
  return (
    <Badge>
      <CircleSlash aria-hidden />
      no result
    </Badge>
  )
}

export function ToolResultView({ result }: { result: ToolResult }) {
  return (
    <div className="mt-2 border-t border-line pt-2">
      <p className={result.isError ? 'text-meta font-medium text-danger' : 'text-meta font-medium text-muted'}>
        {result.isError ? 'Error' : 'Result'}
      </p>
      {result.blocks.length === 0 ? <p className="text-muted">empty</p> : <ResultBlocks blocks={result.blocks} />}
    </div>
  )
}

function fieldValue({ text, url }: PreparedField) {
  return url ? <OutsideLink href={url}>{cleanText(text)}</OutsideLink> : <LongText as="plain" text={text} />
}

function ToolInput({ input }: { input: PreparedToolInput }) {
  switch (input.kind) {
    case 'code':
      return <LongText as="plain" text={input.code} />
    case 'prompt':
      return <LongText as="markdown" text={input.text} />
    case 'diff':
      return input.edits.map((edit, index) => <TextDiff key={index} {...edit} />)
    case 'todo':
      return (
        <ul>
          {input.items.map((item, index) => (
            <li key={index}>
              {item.status === 'completed' ? '☑' : item.status === 'in_progress' ? '◐' : '☐'} {cleanText(item.text)}
              <span className="text-muted"> {cleanText(item.status).replaceAll('_', ' ')}</span>
            </li>
          ))}
        </ul>
      )
    case 'fields':
      return (
        <KeyValueList
          items={input.fields.map((field) => ({ label: cleanText(field.name), value: fieldValue(field) }))}
        />
      )
    case 'json':
      return <JsonView value={input.value} />
  }
}
