import type { PoolClient } from 'pg'
import type { ExplainedLink, KnownRequest } from './known-request'
import type { Labels, LinkFacts } from './link-facts'
import { keyBytes, type LinkSecrets } from './link-secrets'
import type { Transcript } from './rolled-transcript'
import { sealLabel } from './sealed-label'
import { digestBytes, roll } from './transcript'

/** What a row of `request_links` (`l`) answers for a known request; see `knownOf`. */
export const knownColumns = `
  l.request_id AS "requestId", l.role, l.session_id AS "sessionId", l.agent_id AS "agentId",
  l.client_key_id AS "clientKeyId", l.was_answered AS "wasAnswered", l.is_thread AS "isThread",
  l.transcript_hash AS "transcriptHash", l.transcript_length AS "transcriptLength", l.answer_digest AS "answerDigest",
  l.conversation_id AS "conversationId", l.branch_id AS "branchId", l.starts_branch AS "startsBranch",
  l.parent_request_id AS "parentRequestId", l.is_subtask AS "isSubtask",
  l.parent_task_request_id AS "parentTaskRequestId", l.task_ordinal AS "taskOrdinal", l.attempt_of AS "attemptOf",
  l.parent_node_id AS "parentNodeId", l.words <> '{}' AS "hasWords"`

export type KnownRow = Omit<KnownRequest, 'answerHash' | 'nodeId'> & { readonly answerDigest: Buffer | null }

/** Adds what follows from the columns to the row itself. */
export function knownOf<Row extends KnownRow>(row: Row): Row & KnownRequest {
  return Object.assign(row, {
    answerHash: answerHashOf(row.transcriptHash, row.answerDigest),
    nodeId: row.attemptOf ?? row.requestId,
  })
}

/** The hash of a transcript that its answer was added to. */
export function answerHashOf(transcriptHash: Buffer | null, answerDigest: Buffer | null): Buffer | null {
  return transcriptHash && answerDigest ? roll(transcriptHash, answerDigest) : null
}

/** The link of a request and what its transcript came to. */
export interface LinkedFacts {
  readonly facts: LinkFacts
  readonly link: ExplainedLink
  readonly transcript: Transcript
  /** null for side calls: nothing goes on from them. */
  readonly transcriptHash: Buffer | null
  /** A known request whose messages are the beginning of these: only the rest is stored. */
  readonly base: KnownRequest | null
  /** New in its conversation. */
  readonly words: readonly number[]
  /** Title and place are said once: whatever goes on from an older request repeats them. */
  readonly labels: Labels
  /** Keys under which it can be found, and how far or which call they name. */
  readonly keys: LinkFacts['offers']
}

type Column = readonly [name: string, type: string, value: (linked: LinkedFacts, secrets: LinkSecrets) => unknown]

const linkColumns: readonly Column[] = [
  ['transcript_hash', 'bytea', ({ transcriptHash }) => toHex(transcriptHash)],
  ['transcript_length', 'integer', ({ transcript }) => transcript.length],
  ['conversation_id', 'uuid', ({ link }) => link.conversationId],
  ['branch_id', 'text', ({ link }) => link.branchId],
  ['starts_branch', 'boolean', ({ link }) => link.startsBranch],
  ['parent_request_id', 'uuid', ({ link }) => link.parentRequestId],
  ['is_subtask', 'boolean', ({ link }) => link.isSubtask],
  ['parent_task_request_id', 'uuid', ({ link }) => link.parentTaskRequestId],
  ['task_ordinal', 'integer', ({ link }) => link.taskOrdinal],
  ['attempt_of', 'uuid', ({ link }) => link.attemptOf],
  ['parent_node_id', 'uuid', ({ link }) => link.parentNodeId],
]

const identityColumns: readonly Column[] = [
  ['request_id', 'uuid', ({ facts }) => facts.requestId],
  ['domain_id', 'uuid', ({ facts }) => facts.domainId],
  ['session_id', 'text', ({ facts }) => facts.sessionId],
  ['agent_id', 'text', ({ facts }) => facts.agentId],
  ['parent_agent_id', 'text', ({ facts }) => facts.parentAgentId],
  ['client_key_id', 'uuid', ({ facts }) => facts.clientKeyId],
]

const contentColumns: readonly Column[] = [
  ['role', 'text', ({ facts }) => facts.role],
  ['is_subagent', 'boolean', ({ facts }) => facts.isSubagent],
  ['is_thread', 'boolean', ({ facts }) => facts.isThread],
  ['was_answered', 'boolean', ({ facts }) => facts.wasAnswered],
  ['base_request_id', 'uuid', ({ base }) => base?.requestId],
  ['base_length', 'integer', ({ base }) => base?.transcriptLength ?? 0],
  ['digests', 'bytea', ({ facts, base }) => toHex(Buffer.concat(facts.digests.slice(base?.transcriptLength ?? 0)))],
  ['answer_digest', 'bytea', ({ facts }) => toHex(facts.answerDigest)],
  ['wants', 'bytea', ({ facts }) => toHex(packWants(facts.wants))],
]

const labelColumns: readonly Column[] = [
  ['sealed_title', 'text', ({ labels }, secrets) => sealMaybe(secrets, labels.title?.text)],
  ['title_rank', 'smallint', ({ labels }) => labels.title?.rank ?? 0],
  ['sealed_project', 'text', ({ labels }, secrets) => sealMaybe(secrets, labels.projectDirectory)],
  ['sealed_git_branch', 'text', ({ labels }, secrets) => sealMaybe(secrets, labels.gitBranch)],
]

const wordColumns: readonly Column[] = [['words', 'integer[]', ({ words }) => words]]

function toHex(bytes: Buffer | null): string | null {
  return bytes && `\\x${bytes.toString('hex')}`
}

function sealMaybe(secrets: LinkSecrets, label: string | null | undefined): string | null {
  return label ? sealLabel(secrets, label) : null
}

const inserted = [...identityColumns, ...contentColumns, ...wordColumns, ...labelColumns, ...linkColumns]
const insertedNames = inserted.map(([name]) => name).join(', ')

const insertLinksSql = `INSERT INTO request_links (${insertedNames})
  SELECT ${insertedNames} FROM json_to_recordset($1) AS n(${inserted.map(([name, type]) => `${name} ${type}`).join(', ')})
  ON CONFLICT (request_id) DO UPDATE SET ${inserted
    .slice(1)
    .map(([name]) => `${name} = excluded.${name}`)
    .join(', ')}`

const insertKeysSql = `INSERT INTO link_keys (key, request_id, ordinal)
  SELECT * FROM unnest($1::bigint[], $2::uuid[], $3::int[]) ON CONFLICT DO NOTHING`

export async function insertLinks(tx: PoolClient, linked: readonly LinkedFacts[], secrets: LinkSecrets): Promise<void> {
  if (linked.length === 0) return
  const rows = linked.map((one) => rowOf(one, secrets))
  await tx.query({ name: 'insert-links', text: insertLinksSql, values: [JSON.stringify(rows)] })
  await insertKeys(tx, linked)
}

/** What has no value is left out: to the database a name that is not there is null. */
function rowOf(linked: LinkedFacts, secrets: LinkSecrets): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (const [name, , value] of inserted) row[name] = value(linked, secrets) ?? undefined
  return row
}

export async function insertKeys(
  tx: PoolClient,
  linked: readonly { readonly facts: LinkFacts; readonly keys: LinkFacts['offers'] }[],
): Promise<void> {
  const rows = linked.flatMap(({ facts, keys }) => keys.map((offer) => ({ ...offer, requestId: facts.requestId })))
  if (rows.length === 0) return
  await tx.query({
    name: 'insert-link-keys',
    text: insertKeysSql,
    values: [
      rows.map(({ key }) => keyNumber(key)),
      rows.map(({ requestId }) => requestId),
      rows.map(({ ordinal }) => ordinal),
    ],
  })
}

/** What of a stored row is written anew: its place alone, also what it was read to be, or its words as well. */
const updates = {
  place: linkColumns,
  content: [...linkColumns, ...contentColumns, ...labelColumns],
  words: [...linkColumns, ...contentColumns, ...labelColumns, ...wordColumns],
}
type LinkUpdate = keyof typeof updates

export async function updateLink(
  tx: PoolClient,
  linked: LinkedFacts,
  { update, secrets }: { readonly update: LinkUpdate; readonly secrets: LinkSecrets },
): Promise<void> {
  const columns = updates[update]
  const changes = columns.map(([name, type], index) => `${name} = $${index + 2}::${type}`)
  await tx.query({
    name: `update-link-${update}`,
    text: `UPDATE request_links SET ${changes.join(', ')} WHERE request_id = $1`,
    values: [linked.facts.requestId, ...columns.map(([, , value]) => value(linked, secrets) ?? null)],
  })
}

export async function deleteLink(tx: PoolClient, requestId: string): Promise<void> {
  await tx.query('DELETE FROM request_links WHERE request_id = $1', [requestId])
}

/** Keys under which a request is not to be found any more. */
export async function deleteKeys(tx: PoolClient, requestId: string, keys: readonly Buffer[]): Promise<void> {
  if (keys.length === 0) return
  await tx.query('DELETE FROM link_keys WHERE key = ANY($2::bigint[]) AND request_id = $1', [
    requestId,
    keys.map(keyNumber),
  ])
}

/** A request leaves out the words that its beginning has: when it leaves that conversation, it takes them along. */
export async function copyWords(tx: PoolClient, requestId: string): Promise<void> {
  await tx.query(
    `WITH RECURSIVE chain AS (
       SELECT base_request_id, words FROM request_links WHERE request_id = $1
       UNION ALL
       SELECT l.base_request_id, l.words FROM chain c JOIN request_links l ON l.request_id = c.base_request_id
     )
     UPDATE request_links SET words = ARRAY(SELECT DISTINCT unnest(chain.words) FROM chain) WHERE request_id = $1`,
    [requestId],
  )
}

/** Finds a session by its hash, which is what the index has. `l` is request_links. */
export function isSession(value: string): string {
  return `hashtextextended(l.session_id, 0) = hashtextextended(${value}, 0) AND l.session_id = ${value}`
}

/** A key as the database takes it. */
export function keyNumber(key: Buffer): string {
  return key.readBigInt64BE().toString()
}

/** Byte 0: which single keys are there; then these; then the summaries. */
export function packWants({ answer, prompt, message, summaries }: LinkFacts['wants']): Buffer {
  const singles = [answer, prompt, message]
  const mask = singles.reduce((bits, key, index) => bits | (key ? 1 << index : 0), 0)
  return Buffer.concat([Buffer.from([mask]), ...singles.flatMap((key) => key ?? []), ...summaries])
}

export function unpackWants(packed: Buffer): LinkFacts['wants'] {
  const mask = packed[0] ?? 0
  const keys = splitBytes(packed.subarray(1), keyBytes)
  const take = (index: number) => ((mask >> index) & 1 ? (keys.shift() ?? null) : null)
  const answer = take(0)
  const prompt = take(1)
  const message = take(2)
  return { answer, prompt, message, summaries: keys }
}

export function splitDigests(bytes: Buffer): Buffer[] {
  return splitBytes(bytes, digestBytes)
}

function splitBytes(bytes: Buffer, length: number): Buffer[] {
  return Array.from({ length: Math.floor(bytes.length / length) }, (_none, index) =>
    bytes.subarray(index * length, (index + 1) * length),
  )
}
