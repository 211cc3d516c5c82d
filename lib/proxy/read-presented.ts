import { listHeader } from './headers'
import type { HeaderList, Presented } from './ports'

/**
 * The credential a client presented. Classified by its prefix, never by the header it came in: SDKs from
 * version 1 on send API keys as Bearer, older ones as x-api-key, apiKeyHelper sends both.
 */
export function readPresented(headers: HeaderList): Presented {
  const bearers = listHeader(headers, 'authorization').map((value) => value.replace(/^bearer\s+/i, '').trim())
  const keys = listHeader(headers, 'x-api-key').map((value) => value.trim())
  const distinct = new Set([...bearers, ...keys].filter(Boolean))
  if (distinct.size > 1) return { kind: 'conflicting' }
  const [value] = distinct
  if (value === undefined) return { kind: 'none' }
  return value.startsWith('sk-ant-') ? { kind: 'claude', value } : { kind: 'client_key', value }
}
