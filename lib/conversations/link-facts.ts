import { asArray, asRecord, asText, type JsonRecord } from '@/lib/claude/json'
import { userTextOf } from '@/lib/claude/user-text'
import type { LinkCandidate } from '@/lib/recorder/link-port'
import type { RequestRow } from '@/lib/recorder/request-row'
import type { LinkSecrets } from './link-secrets'
import { forkMarker, sideKinds, subtaskTools } from './markers'
import { readPlace, type Place } from './place'
import { searchWordsOf } from './search-words'
import { apartFromLastText, probesOf, summaryOfAnswer, summaryOfBlocks, summaryOfContinuation } from './summary-text'
import { titleOfAnswer, titleOfMessages, typedTexts, type ProposedTitle } from './title'
import { digestAnswer, readTranscript } from './transcript'

export type LinkRole = 'turn' | 'compaction' | 'side'

/** A key by which later requests find this one; `ordinal` says which tool call or which length. */
interface OfferedKey {
  readonly key: Buffer
  readonly ordinal: number
}

/** What a request looks for besides its own beginning. */
interface Wants {
  /** The answer it goes on from, wherever that stands in a changed history. */
  readonly answer: Buffer | null
  /** The call of a sub-task with these words. */
  readonly prompt: Buffer | null
  /** The summary it continues, shortest probe first. */
  readonly summaries: readonly Buffer[]
  /** The answer a message thread continues. */
  readonly message: Buffer | null
}

/** Everything the rules of linking look at. Holds hashes and the client's own ids, no content but the labels. */
export interface LinkFacts {
  readonly requestId: string
  readonly domainId: string
  readonly clientKeyId: string | null
  readonly role: LinkRole
  readonly sessionId: string | null
  /** '' = the main agent of the session. */
  readonly agentId: string
  readonly parentAgentId: string | null
  readonly isSubagent: boolean
  readonly isThread: boolean
  /** An answer came and was not an error. */
  readonly wasAnswered: boolean
  readonly digests: readonly Buffer[]
  readonly answerDigest: Buffer | null
  readonly wants: Wants
  readonly offers: readonly OfferedKey[]
  /** Keyed numbers of the words that are new in this turn. */
  readonly words: readonly number[]
  /** Read only for a request that begins something. */
  readonly readLabels: () => Labels
}

export interface Labels extends Place {
  readonly title: ProposedTitle | null
}

export const noLabels: Labels = { title: null, projectDirectory: null, gitBranch: null }

/** A recorded exchange, as far as linking looks at it. */
export interface FactSource extends Pick<LinkCandidate, 'requestJson' | 'requestFacts' | 'responseFacts'> {
  readonly row: Pick<
    RequestRow,
    'requestId' | 'domainId' | 'clientKeyId' | 'outcome' | 'sessionId' | 'agentId' | 'parentAgentId'
  >
  /** The domain wants content kept. */
  readonly isKept: boolean
}

/** null: no part of any conversation (a list of models, a batch, a refused caller). */
export function readLinkFacts(source: FactSource, secrets: LinkSecrets): LinkFacts | null {
  const { row, requestFacts, responseFacts } = source
  const role = roleOf(requestFacts.kind)
  const { domainId } = row
  if (!domainId || !role || row.outcome === 'rejected') return null
  const content = role === 'side' ? noContent : readContent(source, role, secrets)
  // A side call is found by its session, a turn by its words; without them it belongs nowhere.
  if (role === 'side' ? requestFacts.sessionId === null : content.digests.length === 0) return null
  return {
    requestId: row.requestId,
    domainId,
    clientKeyId: row.clientKeyId,
    role,
    sessionId: row.sessionId,
    agentId: row.agentId ?? '',
    parentAgentId: row.parentAgentId,
    isSubagent: requestFacts.isSubagent,
    isThread: requestFacts.previousMessageId !== null,
    wasAnswered: responseFacts.message !== null && row.outcome === 'completed',
    ...content,
    ...readText(source, secrets),
  }
}

type ContentFacts = Pick<LinkFacts, 'digests' | 'answerDigest' | 'wants' | 'offers'>

const noContent: ContentFacts = {
  digests: [],
  answerDigest: null,
  wants: { answer: null, prompt: null, summaries: [], message: null },
  offers: [],
}

function readContent(source: FactSource, role: LinkRole, secrets: LinkSecrets): ContentFacts {
  const body = asRecord(source.requestJson)
  const { message } = source.responseFacts
  const messages = role === 'compaction' ? apartFromLastText(body?.messages) : body?.messages
  const transcript = readTranscript(messages, secrets.transcript)
  const answerDigest = digestAnswer(message, secrets.transcript)
  const { previousMessageId } = source.requestFacts
  return {
    digests: transcript.map(({ digest }) => digest),
    answerDigest,
    wants: readWants(body, { previousMessageId, transcript, secrets }),
    offers: readOffers(message, { answerDigest, secrets, role, isThread: body?.thread !== undefined }),
  }
}

function roleOf(kind: string): LinkRole | null {
  if (kind === 'main' || kind === 'subagent') return 'turn'
  if (kind === 'compaction') return 'compaction'
  return sideKinds.has(kind) ? 'side' : null
}

interface WantSource {
  readonly previousMessageId: string | null
  readonly transcript: ReturnType<typeof readTranscript>
  readonly secrets: LinkSecrets
}

function readWants(body: JsonRecord | null, { previousMessageId, transcript, secrets }: WantSource): Wants {
  const message = previousMessageId === null ? null : secrets.keyOf('message', previousMessageId)
  const users = asArray(body?.messages)
    .map(asRecord)
    .filter((one) => one?.role === 'user')
  const firstUser = users[0]
  const answer = transcript.findLast((one) => one.role === 'assistant')
  const prompt = answer ? directiveOf(userTextOf(users.at(-1))) : userTextOf(firstUser)
  // A history may begin with the upstream's own summary, in an answer, or with what the client makes of one.
  const summary =
    summaryOfBlocks(asRecord(asArray(body?.messages)[0])?.content) ??
    textBlocksOf(firstUser?.content)
      .map(summaryOfContinuation)
      .find((text) => text !== null)
  return {
    answer: answer ? secrets.keyOf('answer', answer.digest) : null,
    prompt: prompt === '' ? null : secrets.keyOf('prompt', prompt),
    summaries: probesOf(summary ?? '').map((probe) => secrets.keyOf('summary', probe)),
    message,
  }
}

/** What a fork of an agent was sent for; empty for every other text. */
function directiveOf(text: string): string {
  const at = text.startsWith(forkMarker.opens) ? text.indexOf(forkMarker.begins) : -1
  return at < 0 ? '' : text.slice(at + forkMarker.begins.length).trim()
}

interface OfferSource {
  readonly answerDigest: Buffer | null
  /** Part of a message thread: the next request of it names only the id of this answer. */
  readonly isThread: boolean
  readonly secrets: LinkSecrets
  readonly role: LinkRole
}

function readOffers(message: JsonRecord | null, { answerDigest, secrets, role, isThread }: OfferSource): OfferedKey[] {
  if (!message) return []
  const content = asArray(message.content).map(asRecord)
  const id = asText(message.id)
  const prompts = content
    .filter((block) => block?.type === 'tool_use' && subtaskTools.has(asText(block.name) ?? ''))
    .map((block) => asRecord(block?.input)?.prompt)
  const summary =
    summaryOfBlocks(message.content) ?? summaryOfAnswer(textBlocksOf(message.content).join('\n'), role === 'compaction')
  return [
    ...(answerDigest ? [{ key: secrets.keyOf('answer', answerDigest), ordinal: 0 }] : []),
    ...(id && isThread ? [{ key: secrets.keyOf('message', id), ordinal: 0 }] : []),
    ...prompts.flatMap((prompt, ordinal) =>
      typeof prompt === 'string' ? [{ key: secrets.keyOf('prompt', prompt.trim()), ordinal }] : [],
    ),
    ...probesOf(summary ?? '').map((probe) => ({ key: secrets.keyOf('summary', probe), ordinal: probe.length })),
  ]
}

/** What may be shown or searched; nothing where the domain does not want content kept. */
function readText(source: FactSource, secrets: LinkSecrets): Pick<LinkFacts, 'words' | 'readLabels'> {
  const { isKept, requestFacts, responseFacts } = source
  if (!isKept) return { words: [], readLabels: () => noLabels }
  if (requestFacts.kind === 'title')
    return { words: [], readLabels: () => ({ ...noLabels, title: titleOfAnswer(responseFacts.message) }) }
  if (roleOf(requestFacts.kind) !== 'turn') return { words: [], readLabels: () => noLabels }
  const body = asRecord(source.requestJson)
  return {
    words: searchWordsOf(newTextOf(source, body), secrets),
    readLabels: () => ({ title: titleOfMessages(body?.messages), ...readPlace(body) }),
  }
}

/** What was typed since the last answer, and the new answer. */
function newTextOf({ responseFacts }: FactSource, body: JsonRecord | null): string {
  const messages = asArray(body?.messages).map(asRecord)
  const newTexts = messages.slice(messages.findLastIndex((message) => message?.role === 'assistant') + 1)
  return [
    ...newTexts.flatMap((message) => (message?.role === 'user' ? typedTexts(message.content) : [])),
    ...textBlocksOf(responseFacts.message?.content),
  ].join('\n')
}

function textBlocksOf(content: unknown): string[] {
  if (typeof content === 'string') return [content]
  return asArray(content).flatMap((block) => {
    const text = asRecord(block)?.text
    return typeof text === 'string' ? [text] : []
  })
}
