/** How the browser talks to our own API. Every page reads with `useSWR(path, fetchJson)` and writes with `sendJson`. */

interface FieldProblem {
  field: string
  message: string
}

interface ApiFailure {
  /** 0 = no answer came. */
  status: number
  code: string
  requestId?: string | null
  fields?: readonly FieldProblem[]
  by?: ProofWay
}

/** How the user proves who they are: with their password here, or at the provider of single sign-on. */
type ProofWay = 'password' | 'oidc'

/** A refusal or failure of the API, with what a person needs to act on it. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string | null
  readonly fields: readonly FieldProblem[]
  readonly by: ProofWay

  constructor(message: string, { status, code, requestId = null, fields = [], by = 'password' }: ApiFailure) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.requestId = requestId
    this.fields = fields
    this.by = by
  }

  /** The message for one form field, if the API named it. */
  field(name: string): string | undefined {
    return this.fields.find((problem) => problem.field === name)?.message
  }
}

/** Fired on window when the session has ended: the shell then asks to log in again, over the page. */
export const signedOutEvent = 'nexus:signed-out'

export async function fetchJson<T>(path: string): Promise<T> {
  return request<T>(path, { headers: { accept: 'application/json' } })
}

interface Sent {
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
}

export async function sendJson<T>(path: string, { method, body = {} }: Sent): Promise<T> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  return request<T>(path, { method, headers, body: JSON.stringify(body) })
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  return (await (await fetchResponse(path, init)).json()) as T
}

/** A good answer, whatever its type; asks for the password in between where the server wants it again. */
export async function fetchResponse(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await ask(path, init)
  if (response.ok) return response
  const error = await apiErrorOf(response)
  const again = error.code === 'reauthenticate' && (await askForProof(error.by)) ? await ask(path, init) : null
  if (again?.ok) return again
  if (error.status === 401) window.dispatchEvent(new Event(signedOutEvent))
  throw again ? await apiErrorOf(again) : error
}

function ask(path: string, init: RequestInit): Promise<Response> {
  return fetch(path, { ...init, credentials: 'same-origin' }).catch(() => {
    throw new ApiError('The server cannot be reached.', { status: 0, code: 'unreachable' })
  })
}

/** Fired on window when the server wants the password again before it goes on; the shell then asks for it. */
export const proofWantedEvent = 'nexus:proof-wanted'

export class ProofWanted extends Event {
  constructor(
    readonly answer: (isProved: boolean) => void,
    readonly by: ProofWay,
  ) {
    super(proofWantedEvent, { cancelable: true })
  }
}

let wanted: Promise<boolean> | null = null

/** Whether the user proved who they are; several calls at once ask once. */
function askForProof(by: ProofWay): Promise<boolean> {
  wanted ??= new Promise<boolean>((resolve) => {
    const isHeard = !window.dispatchEvent(new ProofWanted(resolve, by))
    if (!isHeard) resolve(false)
  }).finally(() => {
    wanted = null
  })
  return wanted
}

async function apiErrorOf(response: Response): Promise<ApiError> {
  const body = await readBody(response)
  return new ApiError(body.message ?? `The server answered ${response.status}.`, {
    status: response.status,
    code: body.code ?? 'unknown',
    // A refusal says all there is to it.
    requestId: response.status >= 500 ? response.headers.get('x-nexus-request-id') : null,
    fields: body.details?.fields,
    by: body.details?.by,
  })
}

interface ErrorBody {
  message?: string
  code?: string
  details?: { fields?: FieldProblem[]; by?: ProofWay }
}

async function readBody(response: Response): Promise<ErrorBody> {
  try {
    return (await response.json()) as ErrorBody
  } catch {
    // Not ours, e.g. a reverse proxy's HTML page: the status says enough.
    return {}
  }
}
