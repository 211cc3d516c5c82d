import type { Link, KnownRequest } from './known-request'
import type { LinkFacts } from './link-facts'
import type { LinkSecrets } from './link-secrets'
import { sealLabel } from './sealed-label'
import { digestBytes } from './transcript'

/** What the rows of `request_links` answer for a known request. */
export const knownColumns = `
  l.request_id AS "requestId", l.role, l.session_id AS "sessionId", l.agent_id AS "agentId",
  l.client_key_id AS "clientKeyId", l.was_answered AS "wasAnswered", l.is_thread AS "isThread",
  l.transcript_hash AS "transcriptHash", l.transcript_length AS "transcriptLength", l.answer_hash AS "answerHash",
  l.conversation_id AS "conversationId", l.branch_id AS "branchId", l.starts_branch AS "startsBranch",
  l.parent_request_id AS "parentRequestId", l.is_subtask AS "isSubtask",
  l.parent_task_request_id AS "parentTaskRequestId", l.task_ordinal AS "taskOrdinal", l.attempt_of AS "attemptOf",
  l.node_id AS "nodeId", l.parent_node_id AS "parentNodeId", l.link_reason AS "linkReason"`

/** The link of a request and what its transcript came to. */
export interface LinkedFacts {
  readonly facts: LinkFacts
  readonly link: Link
  readonly transcriptHash: Buffer | null
  readonly transcriptLength: number
  readonly answerHash: Buffer | null
  /** A known request whose messages are the beginning of these: only the rest is stored. */
  readonly base: KnownRequest | null
}

type Column = readonly [name: string, value: (linked: LinkedFacts, secrets: LinkSecrets) => unknown]

const linkColumns: readonly Column[] = [
  ['transcript_hash', ({ transcriptHash }) => transcriptHash],
  ['transcript_length', ({ transcriptLength }) => transcriptLength],
  ['answer_hash', ({ answerHash }) => answerHash],
  ['conversation_id', ({ link }) => link.conversationId],
  ['branch_id', ({ link }) => link.branchId],
  ['starts_branch', ({ link }) => link.startsBranch],
  ['parent_request_id', ({ link }) => link.parentRequestId],
  ['is_subtask', ({ link }) => link.isSubtask],
  ['parent_task_request_id', ({ link }) => link.parentTaskRequestId],
  ['task_ordinal', ({ link }) => link.taskOrdinal],
  ['attempt_of', ({ link }) => link.attemptOf],
  ['node_id', ({ link }) => link.nodeId],
  ['parent_node_id', ({ link }) => link.parentNodeId],
  ['link_reason', ({ link }) => link.linkReason],
]

const factColumns: readonly Column[] = [
  ['request_id', ({ facts }) => facts.requestId],
  ['domain_id', ({ facts }) => facts.domainId],
  ['role', ({ facts }) => facts.role],
  ['session_id', ({ facts }) => facts.sessionId],
  ['agent_id', ({ facts }) => facts.agentId],
  ['parent_agent_id', ({ facts }) => facts.parentAgentId],
  ['client_key_id', ({ facts }) => facts.clientKeyId],
  ['is_subagent', ({ facts }) => facts.isSubagent],
  ['is_thread', ({ facts }) => facts.isThread],
  ['was_answered', ({ facts }) => facts.wasAnswered],
  ['base_request_id', ({ base }) => base?.requestId],
  ['base_length', ({ base }) => base?.transcriptLength ?? 0],
  ['digests', ({ facts, base }) => Buffer.concat(facts.digests.slice(base?.transcriptLength ?? 0))],
  ['answer_digest', ({ facts }) => facts.answerDigest],
  ['wants', ({ facts }) => packWants(facts.wants)],
  ['words', ({ facts }) => facts.labels.words.map(String)],
  ['sealed_title', ({ facts: { labels } }, secrets) => labels.title && sealLabel(secrets, labels.title.text)],
  ['title_rank', ({ facts }) => facts.labels.title?.rank ?? 0],
  ['sealed_project', ({ facts: { labels } }, secrets) => sealMaybe(secrets, labels.projectDirectory)],
  ['sealed_git_branch', ({ facts: { labels } }, secrets) => sealMaybe(secrets, labels.gitBranch)],
]

function sealMaybe(secrets: LinkSecrets, label: string | null): string | null {
  return label === null ? null : sealLabel(secrets, label)
}

const inserted = [...factColumns, ...linkColumns]
const places = (from: number, count: number) => Array.from({ length: count }, (_none, index) => `$${from + index}`)

export const insertLinkSql = `INSERT INTO request_links (${inserted.map(([name]) => name).join(', ')})
  VALUES (${places(1, inserted.length).join(', ')})
  ON CONFLICT (request_id) DO UPDATE SET ${inserted
    .slice(1)
    .map(([name]) => `${name} = excluded.${name}`)
    .join(', ')}`

export function insertLinkValues(linked: LinkedFacts, secrets: LinkSecrets): unknown[] {
  return inserted.map(([, value]) => value(linked, secrets) ?? null)
}

export const updateLinkSql = `UPDATE request_links SET ${linkColumns
  .map(([name], index) => `${name} = $${index + 2}`)
  .join(', ')} WHERE request_id = $1`

export function updateLinkValues(linked: LinkedFacts, secrets: LinkSecrets): unknown[] {
  return [linked.facts.requestId, ...linkColumns.map(([, value]) => value(linked, secrets) ?? null)]
}

/** Byte 0: which single keys are there; then these; then the summaries. */
export function packWants({ answer, prompt, message, summaries }: LinkFacts['wants']): Buffer {
  const singles = [answer, prompt, message]
  const mask = singles.reduce((bits, key, index) => bits | (key ? 1 << index : 0), 0)
  return Buffer.concat([Buffer.from([mask]), ...singles.flatMap((key) => key ?? []), ...summaries])
}

export function unpackWants(packed: Buffer): LinkFacts['wants'] {
  const mask = packed[0] ?? 0
  const keys = splitDigests(packed.subarray(1))
  const take = (index: number) => ((mask >> index) & 1 ? (keys.shift() ?? null) : null)
  const answer = take(0)
  const prompt = take(1)
  const message = take(2)
  return { answer, prompt, message, summaries: keys }
}

export function splitDigests(bytes: Buffer): Buffer[] {
  return Array.from({ length: Math.floor(bytes.length / digestBytes) }, (_none, index) =>
    bytes.subarray(index * digestBytes, (index + 1) * digestBytes),
  )
}
