import { allowsModels, readRequestedModels, sentBody } from '@/lib/claude/requested-models'
import { isAppError } from '@/lib/errors'
import { corsHeaders, answerPreflight } from './cors'
import { getHeader } from './headers'
import { openExchange, type OpenExchange, type Refused } from './open-exchange'
import { ownErrors, type OwnError } from './own-errors'
import type { Answer, Caller, Incoming, ProxyPorts } from './ports'
import { readBody } from './read-body'
import { readPresented } from './read-presented'
import { relay } from './relay'
import { readHost, readPath } from './target'
import { tryAccounts, type Accepted } from './try-accounts'

/**
 * The story of one exchange, from the client's first byte to the answer a door sends. The order is the promise: is
 * there room → who is it → what may it → its body → which account → upstream, and the journal beside it → not a byte
 * back before the journal has the request. Never throws.
 */
export async function handleExchange(incoming: Incoming, ports: ProxyPorts): Promise<Answer> {
  if (incoming.method === 'OPTIONS' && getHeader(incoming.headers, 'access-control-request-method') !== undefined) {
    return answerPreflight(incoming.headers, ports.settings.corsOrigins)
  }
  const exchange = openExchange(incoming, ports, readHost(getHeader(incoming.headers, 'host')))
  try {
    return withCors(await answerExchange(exchange), incoming, ports)
  } catch (error) {
    ports.reportFault(error, exchange.requestId)
    return withCors(exchange.refuse(ownErrors.internal()), incoming, ports)
  }
}

async function answerExchange(exchange: OpenExchange): Promise<Answer> {
  const { incoming, ports } = exchange
  const path = readPath(incoming.target)
  if (!path) return exchange.refuse(ownErrors.notFound())
  // It asks for an answer that repeats the request, and what we send has the credential of an account.
  if (incoming.method === 'TRACE') return exchange.refuse(ownErrors.methodNotAllowed())
  const notAdmitted = ports.admit()
  if (notAdmitted) return exchange.turnAway(ownErrors.notAdmitted(notAdmitted))
  const caller = await authenticated(exchange)
  if ('status' in caller) return exchange.refuse(caller)
  const limits = ports.checkLimits(caller, path)
  if (!('release' in limits)) return exchange.refuse(ownErrors.overLimit(limits), { caller })
  try {
    return await answerCaller(exchange, caller, limits.release)
  } catch (error) {
    limits.release()
    throw error
  }
}

async function authenticated(exchange: OpenExchange): Promise<Caller | OwnError> {
  const { incoming, ports, host } = exchange
  const isPlainCurl = getHeader(incoming.headers, 'anthropic-version') === undefined
  try {
    return (await ports.authenticate(readPresented(incoming.headers), host)) ?? ownErrors.unauthorized(isPlainCurl)
  } catch (error) {
    if (isAppError(error) && error.code === 'unavailable') return ownErrors.keyNotCheckable()
    throw error
  }
}

async function answerCaller(exchange: OpenExchange, caller: Caller, release: () => void): Promise<Answer> {
  const { incoming, ports } = exchange
  const refuse = (error: OwnError, refused: Refused = {}) => {
    release()
    return exchange.refuse(error, { caller, ...refused })
  }
  const { maxRequestBytes } = ports.settings
  const read = await readBody(incoming, maxRequestBytes, exchange.bodyShare)
  if ('problem' in read) return refuse(errorOf[read.problem](maxRequestBytes))
  const forbidden = findForbiddenModel(exchange, caller, read.bytes)
  if (forbidden) return refuse(forbidden, { body: read.bytes })
  const wanted = { caller, path: incoming.target, headers: incoming.headers, body: read.bytes, attempts: [] }
  const account = await ports.chooseAccount(wanted)
  if ('noAccount' in account) {
    return refuse(ownErrors.noAccount(caller.domain, account), { body: read.bytes, noAccount: account })
  }
  return forwardAndRelay(exchange, { caller, account, body: read.bytes, release })
}

const errorOf = {
  'too-large': ownErrors.tooLarge,
  unreadable: ownErrors.bodyUnreadable,
  'no-room': ownErrors.noRoom,
}

function findForbiddenModel({ incoming }: OpenExchange, { allowedModels }: Caller, bytes: Uint8Array): OwnError | null {
  if (!allowedModels) return null
  const models = readRequestedModels(sentBody(incoming.headers, bytes))
  if (allowsModels(allowedModels, models)) return null
  return ownErrors.modelNotAllowed(models?.find((model) => !allowsModels(allowedModels, [model])) ?? null)
}

async function forwardAndRelay(
  exchange: OpenExchange,
  { release, ...accepted }: Accepted & { readonly release: () => void },
): Promise<Answer> {
  const { caller, body } = accepted
  // On its way first, then into the journal: the two go on beside each other.
  const [tried, recording] = await Promise.all([
    tryAccounts(exchange, accepted),
    exchange.ports.clock.turn().then(() => exchange.record(caller, body)),
  ])
  // Accepted means recorded: not a byte of the answer leaves before the journal holds the request.
  await recording.begun
  exchange.bodyShare.release()
  return relay(exchange, { tried, recording, release })
}

function withCors(answer: Answer, incoming: Incoming, ports: ProxyPorts): Answer {
  const cors = corsHeaders(incoming.headers, ports.settings.corsOrigins)
  return cors.length === 0 ? answer : { ...answer, headers: [...answer.headers, ...cors] }
}
