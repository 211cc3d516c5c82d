import { fetchJson } from './fetcher'

interface Credentials {
  readonly email: string
  readonly password: string
  /** Of the second factor. */
  readonly code?: string
}

export type LoginResult = { ok: true } | { ok: false; message: string | null; needsCode?: boolean }

/** Logs in through next-auth. `needsCode`: the password is right, the code of the second factor is not there yet. */
export async function logIn(given: Credentials): Promise<LoginResult> {
  const answer = await postForm('/api/auth/callback/credentials', { ...given })
  if (!answer) return { ok: false, message: 'The server cannot be reached. Try again in a moment.' }
  const code = answer.url ? new URL(answer.url, location.origin).searchParams.get('error') : null
  if (answer.status === 200 && !code) return { ok: true }
  if (code === 'code') return { ok: false, message: null, needsCode: true }
  return { ok: false, message: code ? loginMessage(code) : (answer.message ?? 'The login did not work. Try again.') }
}

/** Ends this login on the server, then loads the login page afresh, so that nothing of the session stays in memory. */
export async function logOut(): Promise<void> {
  await postForm('/api/auth/signout', {})
  location.replace('/login')
}

function loginMessage(code: string): string {
  const seconds = /^wait-(\d+)$/.exec(code)?.[1]
  if (seconds) return `Too many attempts. Try again in ${seconds} s.`
  if (code === 'wrong-code') return 'This code is wrong or was used already.'
  if (code === 'wrong') return 'The e-mail address or the password is wrong.'
  return 'The login did not work; the server log says why. Try again in a moment.'
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
