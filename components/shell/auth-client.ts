import { fetchJson } from './fetcher'

interface Credentials {
  readonly email: string
  readonly password: string
  /** Of the second factor. */
  readonly code?: string
}

type LoginResult = { ok: true } | { ok: false; message: string | null; needsCode?: boolean }

const unreachable = 'The server cannot be reached. Try again in a moment.'

/** Logs in through next-auth. `needsCode`: the password is right, the code of the second factor is not there yet. */
export async function logIn(given: Credentials): Promise<LoginResult> {
  const answer = await postForm('/api/auth/callback/credentials', { ...given })
  if (!answer) return { ok: false, message: unreachable }
  const code = answer.url ? new URL(answer.url, location.origin).searchParams.get('error') : null
  if (answer.status === 200 && !code) return { ok: true }
  if (code === 'code') return { ok: false, message: null, needsCode: true }
  return { ok: false, message: code ? loginMessage(code) : (answer.message ?? 'The login did not work. Try again.') }
}

interface ProviderLogin {
  /** A path of ours. */
  readonly target: string
  /** The provider asks for the password even where somebody is logged in there. */
  readonly isAgain?: boolean
}

/** Leaves for the provider of single sign-on; a message when that does not work. */
export async function leaveForProvider({ target, isAgain = false }: ProviderLogin): Promise<string | null> {
  const path = `/api/auth/signin/oidc${isAgain ? '?prompt=login' : ''}`
  const answer = await postForm(path, { callbackUrl: target })
  if (!answer) return unreachable
  const url = answer.url ? new URL(answer.url, location.origin) : null
  if (!url || url.origin === location.origin) return loginMessage(url?.searchParams.get('error') ?? '')
  location.assign(url)
  return null
}

/** Ends this login on the server, then loads the login page afresh, so that nothing of the session stays in memory. */
export async function logOut(): Promise<void> {
  await postForm('/api/auth/signout', {})
  location.replace('/login')
}

const messages: Readonly<Record<string, string>> = {
  'wrong-code': 'This code is wrong or was used already.',
  wrong: 'The e-mail address or the password is wrong.',
  'oidc-only': 'Passwords are not used here. Log in with the button above.',
  'oidc-unverified': 'Your provider does not say that it has checked your e-mail address. An administrator there can.',
  'oidc-unknown': 'Nobody has invited you yet. Ask an owner of this installation.',
  'oidc-deactivated': 'Your access has ended. Ask an owner of this installation.',
  'oidc-taken':
    'Somebody else at your provider has the user of this e-mail address. Ask an owner of this installation.',
  OAuthSignin: 'The provider cannot be reached. Try again in a moment; the server log says why.',
  OAuthCallback: 'The provider did not log you in, or it took too long. Try again; the server log says why.',
}

/** What a code of the login means, in words. */
export function loginMessage(code: string): string {
  const seconds = /^wait-(\d+)$/.exec(code)?.[1]
  if (seconds) return `Too many attempts. Try again in ${seconds} s.`
  return messages[code] ?? 'The login did not work; the server log says why. Try again in a moment.'
}

interface FormAnswer {
  status: number
  url?: string
  message?: string
}

async function postForm(path: string, fields: Record<string, string>): Promise<FormAnswer | null> {
  try {
    const { csrfToken } = await fetchJson<{ csrfToken: string }>('/api/auth/csrf')
    const body = new URLSearchParams({ ...fields, csrfToken, json: 'true' })
    const response = await fetch(path, { method: 'POST', body, credentials: 'same-origin' })
    return { ...((await response.json()) as { url?: string; message?: string }), status: response.status }
  } catch {
    // No answer, or one that is not ours: the caller says so.
    return null
  }
}
