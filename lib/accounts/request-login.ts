import { request } from 'undici'
import { z } from 'zod'
import { env } from '@/lib/env'
import { headerText, type Login } from './secrets'

/** The login has ended: only a person can make another. */
export class LoginEndedError extends Error {
  override readonly name = 'LoginEndedError'
}

/** By its name: a refresh that runs for several module graphs throws the class of one of them. */
export function isLoginEnded(error: unknown): boolean {
  return error instanceof Error && error.name === 'LoginEndedError'
}

const timeoutMs = 15_000
const maxAnswerBytes = 65_536

const answerSchema = z.object({
  access_token: headerText,
  refresh_token: headerText.optional(),
  expires_in: z
    .number()
    .positive()
    .max(10 * 366 * 86_400)
    .optional(),
  scope: z.string().max(2_000).optional(),
})

/** Asks the upstream for the next token of a login. Throws LoginEndedError when it says no, another error when it says nothing. */
export async function requestLogin(login: Login): Promise<Login> {
  const { CLAUDE_OAUTH_TOKEN_URL, CLAUDE_OAUTH_CLIENT_ID } = env()
  const { statusCode, body } = await request(CLAUDE_OAUTH_TOKEN_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      grant_type: 'refresh_token',
      refresh_token: login.refreshToken,
      client_id: CLAUDE_OAUTH_CLIENT_ID,
      ...(login.scopes && { scope: login.scopes.join(' ') }),
    }),
    signal: AbortSignal.timeout(timeoutMs),
  })
  const text = await readText(body)
  if (statusCode === 400 || statusCode === 401 || statusCode === 403)
    throw new LoginEndedError(`the login was refused with ${statusCode}`)
  if (statusCode !== 200) throw new Error(`the login could not be refreshed: answered ${statusCode}`)
  return loginOf(login, text)
}

async function readText(body: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of body) {
    bytes += piece.length
    if (bytes > maxAnswerBytes) throw new Error('the login could not be refreshed: the answer is too long')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function loginOf(before: Login, text: string): Login {
  const answer = answerSchema.safeParse(parse(text))
  // Neither the answer nor zod's words about it may travel on: both may quote tokens.
  if (!answer.success) throw new Error('the login could not be refreshed: the answer cannot be read')
  const { access_token: accessToken, refresh_token, expires_in, scope } = answer.data
  return {
    ...before,
    accessToken,
    // Without a new one the old one goes on.
    refreshToken: refresh_token ?? before.refreshToken,
    expiresAt: expires_in === undefined ? undefined : Date.now() + expires_in * 1000,
    scopes: scope ? scope.split(' ') : before.scopes,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes the text, which may hold tokens.
    return null
  }
}
