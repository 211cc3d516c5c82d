'use client'

import { BlockView } from '@/components/message/block-view'
import { cleanText } from '@/components/message/clean-text'
import { Collapsible } from '@/components/message/collapsible'
import { JsonView } from '@/components/message/json-view'
import { LongText } from '@/components/message/long-text'
import type { PreparedConversation, PreparedTool } from '@/components/message/prepared-message'
import { KeyValueList } from '@/components/ui/key-value-list'
import { formatBytes, formatExact, formatQuantity } from '@/lib/format'

/** What stands around the messages: system prompt, tools and parameters, folded, with their sizes. */
export function PromptFrame({ prepared }: { prepared: PreparedConversation }) {
  const { system, tools, toolBytes, parameters } = prepared
  if (!system && tools.length === 0 && parameters.length === 0) return null
  return (
    <div className="divide-y divide-line rounded-card border border-line">
      {system && (
        <Collapsible className="px-3 py-2" summary={<Title name="System prompt" detail={formatBytes(system.bytes)} />}>
          <div className="flex flex-col gap-3">
            {system.blocks.map((block) => (
              <BlockView key={block.key} block={block} />
            ))}
          </div>
        </Collapsible>
      )}
      {tools.length > 0 && (
        <Collapsible
          className="px-3 py-2"
          summary={<Title name={formatQuantity(tools.length, 'tool')} detail={formatBytes(toolBytes)} />}
        >
          <div className="flex flex-col gap-1 pl-2">
            {tools.map((tool) => (
              <ToolView key={tool.key} tool={tool} />
            ))}
          </div>
        </Collapsible>
      )}
      {parameters.length > 0 && (
        <Collapsible
          className="px-3 py-2"
          summary={<Title name="Parameters" detail={formatExact(parameters.length)} />}
        >
          <KeyValueList
            items={parameters.map(({ name, value }) => ({
              label: cleanText(name),
              value: <span className="font-mono text-table break-all">{cleanText(value)}</span>,
            }))}
          />
        </Collapsible>
      )}
    </div>
  )
}

function Title({ name, detail }: { name: string; detail: string }) {
  return (
    <>
      <span className="font-medium text-ink">{name}</span>
      <span className="text-muted numeric">{detail}</span>
    </>
  )
}

function ToolView({ tool }: { tool: PreparedTool }) {
  return (
    <Collapsible
      summary={
        <>
          <span className="font-mono text-ink">{cleanText(tool.name)}</span>
          <span className="text-muted numeric">{formatBytes(tool.bytes)}</span>
        </>
      }
    >
      <div className="mb-2 flex flex-col gap-2 pl-5.5">
        <LongText as="plain" text={tool.description} />
        <JsonView value={tool.raw} openLevels={1} />
      </div>
    </Collapsible>
  )
}
