import { randomUUID } from 'node:crypto'
import type { RawHeaders } from './client'

/** A streamed call with a prompt that no other call has. */
export function messagesBody(more: object = {}): Buffer {
  const content = `Say something short. (${randomUUID()})`
  const body = {
    model: 'claude-opus-5-5',
    max_tokens: 64,
    messages: [{ role: 'user', content }],
    stream: true,
    ...more,
  }
  return Buffer.from(JSON.stringify(body))
}

export const bearer = (value: string): RawHeaders => [['Authorization', `Bearer ${value}`]]

/** Headers of an ordinary call. */
export const usualHeaders: RawHeaders = [
  ['anthropic-version', '2023-06-01'],
  ['Content-Type', 'application/json'],
]
