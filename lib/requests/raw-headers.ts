import { z } from 'zod'
import type { LoadedBody } from '@/lib/recorder/load-body'

export const rawSchema = z.object({ download: z.string().optional().describe('`1`: as a file') })

interface RawFile {
  readonly requestId: string
  readonly side: 'request' | 'response'
  readonly isDownload: boolean
}

const extensions: readonly (readonly [type: RegExp, extension: string])[] = [
  [/json/, 'json'],
  [/event-stream/, 'sse'],
  [/^text\//, 'txt'],
]

/** Headers for bytes of strangers: their own type, but no sniffing, no script, no frame, no request from them. */
export function rawHeaders(
  { contentType, sha256, bytes }: LoadedBody,
  { requestId, side, isDownload }: RawFile,
): Record<string, string> {
  const type = safeType(contentType)
  const extension = extensions.find(([pattern]) => pattern.test(type))?.[1] ?? 'bin'
  return {
    'content-type': type,
    'content-length': String(bytes.length),
    'content-disposition': `${isDownload ? 'attachment' : 'inline'}; filename="${requestId}-${side}.${extension}"`,
    'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'x-nexus-sha256': sha256,
    'cache-control': 'no-store',
  }
}

/** A type as it was sent, unless it is none: then bytes. */
function safeType(contentType: string | null): string {
  return contentType && /^[\w.+-]+\/[\w.+-]+(?:\s*;[\x20-\x7e]*)?$/.test(contentType)
    ? contentType
    : 'application/octet-stream'
}
