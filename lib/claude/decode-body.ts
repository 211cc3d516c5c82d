/** The text behind a content-encoding, for the observer's copy of a body. Never throws, never inflates a bomb. */
import * as zlib from 'node:zlib'

interface DecodedBody {
  /** The decoded bytes, or the bytes as they were when they could not be decoded. */
  readonly bytes: Uint8Array
  /** The bytes are plain now; also true when they always were. */
  readonly isDecoded: boolean
  /** `truncated`: the end is missing, the rest was decoded. */
  readonly problem: 'unsupported' | 'corrupt' | 'too_large' | 'truncated' | null
}

interface DecodeLimits {
  readonly maxBytes?: number
}

type Decode = (bytes: Uint8Array, options: { maxOutputLength: number; finishFlush: number }) => Uint8Array
interface Coding {
  readonly decode: Decode
  /** Flush modes: all of the input must be there, or give what there is. */
  readonly whole: number
  readonly part: number
}

const defaultMaxBytes = 64 * 1024 * 1024
const maxRatio = 100
/** A short, very repetitive body is no bomb. */
const alwaysAllowedBytes = 1024 * 1024
/** More codings on top of each other than anybody uses. */
const maxCodings = 3

const { Z_FINISH, Z_SYNC_FLUSH, BROTLI_OPERATION_FINISH, BROTLI_OPERATION_FLUSH, ZSTD_e_end, ZSTD_e_flush } =
  zlib.constants as typeof zlib.constants & { ZSTD_e_end?: number; ZSTD_e_flush?: number }
/** Newer runtimes only. */
const { zstdDecompressSync } = zlib as { zstdDecompressSync?: Decode }

const gzip: Coding = { decode: zlib.gunzipSync as Decode, whole: Z_FINISH, part: Z_SYNC_FLUSH }
const codings = new Map<string, Coding>([
  ['gzip', gzip],
  ['x-gzip', gzip],
  ['deflate', { decode: inflateEither, whole: Z_FINISH, part: Z_SYNC_FLUSH }],
  ['br', { decode: zlib.brotliDecompressSync as Decode, whole: BROTLI_OPERATION_FINISH, part: BROTLI_OPERATION_FLUSH }],
])
if (zstdDecompressSync) {
  codings.set('zstd', { decode: zstdDecompressSync, whole: ZSTD_e_end ?? 2, part: ZSTD_e_flush ?? 1 })
}

export function decodeBody(bytes: Uint8Array, contentEncoding: string | null, limits: DecodeLimits = {}): DecodedBody {
  const names = codingNames(contentEncoding)
  const plain: DecodedBody = { bytes, isDecoded: true, problem: null }
  if (names.length === 0 || bytes.length === 0) return plain
  if (names.length > maxCodings) return { bytes, isDecoded: false, problem: 'unsupported' }
  const maxOutputLength = Math.min(
    limits.maxBytes ?? defaultMaxBytes,
    Math.max(bytes.length * maxRatio, alwaysAllowedBytes),
  )
  const decoded = names.reduceRight((body, name) => decodeOnce(body, name, maxOutputLength), plain)
  return decoded.isDecoded ? decoded : { ...decoded, bytes }
}

function codingNames(contentEncoding: string | null): string[] {
  const names = (contentEncoding ?? '').split(',').map((name) => name.trim().toLowerCase())
  return names.filter((name) => name !== '' && name !== 'identity')
}

function decodeOnce(body: DecodedBody, name: string, maxOutputLength: number): DecodedBody {
  if (!body.isDecoded) return body
  const coding = codings.get(name)
  if (!coding) return { bytes: body.bytes, isDecoded: false, problem: 'unsupported' }
  try {
    const bytes = coding.decode(body.bytes, { maxOutputLength, finishFlush: coding.whole })
    return { bytes, isDecoded: true, problem: body.problem }
  } catch (error) {
    if (isTooLarge(error)) return { bytes: body.bytes, isDecoded: false, problem: 'too_large' }
    return decodePart(body.bytes, coding, maxOutputLength)
  }
}

/** What can be had of a body whose end is missing: a stream that somebody aborted. */
function decodePart(body: Uint8Array, coding: Coding, maxOutputLength: number): DecodedBody {
  try {
    const bytes = coding.decode(body, { maxOutputLength, finishFlush: coding.part })
    return { bytes, isDecoded: true, problem: 'truncated' }
  } catch (error) {
    return { bytes: body, isDecoded: false, problem: isTooLarge(error) ? 'too_large' : 'corrupt' }
  }
}

/** `deflate` means zlib by RFC 9110 §8.4.1.2, but some senders leave the zlib wrapper out. */
function inflateEither(bytes: Uint8Array, options: { maxOutputLength: number; finishFlush: number }): Uint8Array {
  const hasZlibHeader = ((bytes[0] ?? 0) & 0x0f) === 8 && (((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0)) % 31 === 0
  return hasZlibHeader ? zlib.inflateSync(bytes, options) : zlib.inflateRawSync(bytes, options)
}

function isTooLarge(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_BUFFER_TOO_LARGE'
}
