'use client'

import { createContext, useContext } from 'react'
import type { ToolUseBlock } from './prepared-message'

/** Where a page can show what a tool call led to. */
interface ToolLink {
  readonly href: string
  readonly label: string
}

export type FindToolLink = (block: ToolUseBlock) => ToolLink | null

export const ToolLinks = createContext<FindToolLink>(() => null)

export function useToolLink(block: ToolUseBlock): ToolLink | null {
  return useContext(ToolLinks)(block)
}
