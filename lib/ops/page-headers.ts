import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { env } from '@/lib/env'
import { buildPagePolicy } from './page-policy.mjs'
import { peerAddress } from './peer-address'

/**
 * The content security policy of a page, with a nonce of its own. Next reads the nonce from the request's
 * header of that name and puts it on its scripts; one sent by a browser is overwritten.
 */
export function addPagePolicy(message: IncomingMessage, response: ServerResponse): void {
  const nonce = randomBytes(16).toString('base64')
  const policy = buildPagePolicy(`'nonce-${nonce}' 'strict-dynamic'`)
  message.headers['content-security-policy'] = policy
  message.headers['x-nonce'] = nonce
  // Where to go after a login; overwritten so that a client cannot set it.
  message.headers['x-nexus-path'] = message.url
  // For throttling and the audit log: from here on it says who called, whatever the caller wrote.
  message.headers['x-forwarded-for'] = peerAddress(message)
  response.setHeader('content-security-policy', policy)
  if (env().publicUrl.startsWith('https:')) response.setHeader('strict-transport-security', 'max-age=31536000')
}
