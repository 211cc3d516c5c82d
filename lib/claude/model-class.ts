import { decodeBody } from './decode-body'
import { asRecord, parseJson } from './json'
import { normaliseModel } from './model-name'
import type { SentBody } from './requested-models'

/**
 * The class of models that a call is counted in by the limits of an API key (platform.claude.com, Rate limits, as of
 * October 2026): each model has limits of its own, but Opus 4.x, Sonnet 4.x and Fable 5.x share theirs; fast mode is
 * counted apart. null = nobody can tell.
 */
export function readModelClass({ bytes, contentEncoding }: SentBody): string | null {
  const decoded = decodeBody(bytes, contentEncoding)
  if (!decoded.isDecoded || decoded.problem) return null
  const { buffer, byteOffset, length } = decoded.bytes
  const { model, speed } = asRecord(parseJson(Buffer.from(buffer, byteOffset, length).toString('utf8'))) ?? {}
  const name = typeof model === 'string' ? normaliseModel(model) : ''
  // What is no name of a model is nothing to be kept.
  if (!/^[a-z][a-z0-9.-]{2,63}$/.test(name)) return null
  const shared = /^(claude-(?:opus-4|sonnet-4|fable-5))(?:-\d)?$/.exec(name)?.[1]
  return `${shared ? `${shared}.x` : name}${speed === 'fast' ? ' fast' : ''}`
}
