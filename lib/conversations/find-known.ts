import type { PoolClient } from 'pg'
import { FreshLinks } from './fresh-links'
import type { Findings, KnownRequest, Match } from './known-request'
import type { LinkFacts } from './link-facts'
import { isSession, keyNumber, knownColumns, knownOf, type KnownRow } from './link-rows'
import type { LinkSecrets } from './link-secrets'
import type { Transcript } from './rolled-transcript'

/** A parent is nearly always one or two messages back, an attempt none. */
const nearLengths = 3
const farLengths = 2_000
/** From this length on a known beginning has an answer in it: a shorter one cannot be the better parent. */
const tellingLength = 3
/** How many requests with the same key are looked at, newest first; of each all that it has under the key. */
const perKey = 8

/** Whether another turn goes on from it on its own branch, and was answered: what never was is no way of its own. */
const hasChildColumn = `EXISTS (SELECT FROM request_links c WHERE c.parent_node_id = coalesce(l.attempt_of, l.request_id)
  AND c.request_id < w.before AND c.branch_id = l.branch_id AND c.role = 'turn' AND c.answer_digest IS NOT NULL) AS "hasChild"`

const findSql = `
  SELECT w.place::int - 1 AS place, k.ordinal, ${knownColumns}, ${hasChildColumn},
    EXISTS (SELECT FROM request_links u WHERE u.parent_task_request_id = l.request_id AND u.task_ordinal = k.ordinal
      AND u.starts_branch AND u.request_id < w.before) AS "isTaken"
  FROM unnest($2::bigint[], $3::uuid[]) WITH ORDINALITY AS w(key, before, place)
  CROSS JOIN LATERAL (
    SELECT request_id, ordinal FROM link_keys
    WHERE key = w.key AND request_id < w.before ORDER BY request_id DESC FETCH FIRST ${perKey} ROWS WITH TIES
  ) k
  JOIN request_links l ON l.request_id = k.request_id AND l.domain_id = $1
  ORDER BY l.request_id DESC`

const laneSql = `
  SELECT w.place::int - 1 AS place, known.*
  FROM unnest($2::text[], $3::text[], $4::text[], $5::uuid[]) WITH ORDINALITY AS w(session_id, agent_id, roles, before, place)
  CROSS JOIN LATERAL (
    SELECT ${knownColumns}, ${hasChildColumn} FROM request_links l
    WHERE l.domain_id = $1 AND ${isSession('w.session_id')} AND l.agent_id = w.agent_id AND l.request_id < w.before
      AND strpos(w.roles, l.role) > 0
    ORDER BY l.request_id DESC LIMIT 1
  ) known`

/** A request whose transcript is known, about to be linked. */
interface Asking {
  readonly facts: LinkFacts
  readonly transcript: Transcript
}

interface Found extends Match {
  readonly key: Buffer
}

interface Lane {
  /** What its newest request is called. */
  readonly names: readonly LaneName[]
  readonly agentId: string
  readonly roles: string
}

type LaneName = 'latestOwn' | 'latestMain' | 'latestOfParentAgent' | 'latestCompaction' | 'latestOfSession'
type Lanes = Pick<Findings, LaneName>

const noLanes: Lanes = {
  latestOwn: null,
  latestMain: null,
  latestOfParentAgent: null,
  latestCompaction: null,
  latestOfSession: null,
}

/** Looks requests of one domain up that are older than the one in question. */
export class KnownFinder {
  readonly fresh = new FreshLinks()
  private readonly near = new Map<string, readonly Found[]>()
  private readonly lanes = new Map<string, Lanes>()

  constructor(
    private readonly tx: PoolClient,
    private readonly secrets: LinkSecrets,
  ) {}

  /** Asks the database for a whole batch at once; `find` then adds what the batch itself brought. */
  async prefetch(asking: readonly Asking[]): Promise<void> {
    this.near.clear()
    this.lanes.clear()
    const found = await this.byKeys(asking.map((one) => ({ facts: one.facts, keys: this.nearKeys(one) })))
    const lanes = await this.byLanes(asking.map(({ facts }) => facts))
    asking.forEach(({ facts }, index) => {
      this.near.set(facts.requestId, found[index] ?? [])
      this.lanes.set(facts.requestId, lanes[index] ?? noLanes)
    })
  }

  /** The answer that a message thread goes on from. */
  async findPrevious(facts: LinkFacts): Promise<KnownRequest | null> {
    const { message } = facts.wants
    if (!facts.isThread || !message) return null
    const [stored = []] = await this.byKeys([{ facts, keys: [message] }])
    return newestFirst([...this.freshWith([message]), ...stored])[0]?.request ?? null
  }

  /** After `prefetch` of the same request. */
  async find(asking: Asking, previous: KnownRequest | null): Promise<Findings> {
    const { wants, requestId } = asking.facts
    const near = newestFirst([...this.freshWith(this.nearKeys(asking)), ...(this.near.get(requestId) ?? [])])
    const matching = (keys: readonly (Buffer | null)[]) =>
      near.filter(({ key }) => keys.some((wanted) => wanted?.equals(key)))
    const lanes = this.withFreshLanes(asking.facts)
    return {
      // A message thread goes on from its previous answer, whatever else begins like it.
      byTranscript: previous ? [] : await this.findBeginnings(asking, near, lanes.latestOwn),
      byAnswer: matching([wants.answer]).map(({ request }) => request),
      byPrompt: matching([wants.prompt]).map((match) => this.withTaken(match)),
      bySummary: matching(wants.summaries),
      byMessage: previous ? [previous] : [],
      ...lanes,
    }
  }

  hasChild(node: KnownRequest): boolean {
    return node.hasChild || this.fresh.hasChild(node)
  }

  /** Branches of a conversation, older than a request, whose names begin like this. */
  async countBranches(facts: LinkFacts, conversationId: string, prefix: string): Promise<number> {
    const { rows } = await this.tx.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM request_links WHERE conversation_id = $1 AND request_id < $2
         AND starts_branch AND starts_with(branch_id, $3)`,
      [conversationId, facts.requestId, prefix],
    )
    return (rows[0]?.count ?? 0) + this.fresh.countBranches(conversationId, prefix)
  }

  private nearKeys({ facts: { wants }, transcript }: Asking): Buffer[] {
    return [
      ...this.transcriptKeys(transcript, transcript.lengthsBelow(transcript.length + 1, nearLengths)),
      ...[wants.answer, wants.prompt].flatMap((key) => key ?? []),
      ...wants.summaries,
    ]
  }

  private transcriptKeys(transcript: Transcript, lengths: readonly number[]): Buffer[] {
    return lengths.flatMap((length) => {
      const hash = transcript.hashAt(length)
      return hash ? [this.secrets.keyOf('transcript', hash)] : []
    })
  }

  /** Of a crowd that begins alike only the newest are found by what they say: one's own latest turn is looked at too. */
  private async findBeginnings(
    asking: Asking,
    near: readonly Found[],
    own: KnownRequest | null,
  ): Promise<KnownRequest[]> {
    const { transcript } = asking
    const isBeginning = (known: KnownRequest) =>
      known.transcriptHash !== null && transcript.hashAt(known.transcriptLength)?.equals(known.transcriptHash) === true
    const beginnings = near.map(({ request }) => request).filter(isBeginning)
    // An equal transcript is no parent: without a shorter one near, the search goes on.
    const isParent = ({ transcriptLength }: KnownRequest) =>
      transcriptLength >= tellingLength && transcriptLength < transcript.length
    if (!beginnings.some(isParent)) beginnings.push(...(await this.findFar(asking)).filter(isBeginning))
    const isCrowdedOut = own !== null && !beginnings.some(({ requestId }) => requestId === own.requestId)
    return isCrowdedOut && isBeginning(own) ? [...beginnings, own] : beginnings
  }

  private async findFar({ facts, transcript }: Asking): Promise<KnownRequest[]> {
    const lengths = transcript.lengthsBelow(transcript.length + 1 - nearLengths, farLengths)
    if (lengths.length === 0) return []
    const keys = this.transcriptKeys(transcript, lengths)
    const [stored = []] = await this.byKeys([{ facts, keys }])
    return newestFirst([...this.freshWith(keys), ...stored]).map(({ request }) => request)
  }

  private freshWith(keys: readonly Buffer[]): Found[] {
    return keys.flatMap((key) =>
      this.fresh.withKey(key).map(({ known, ordinal }) => ({ key, request: known, ordinal, isTaken: false })),
    )
  }

  private withTaken(match: Found): Match {
    return { ...match, isTaken: match.isTaken || this.fresh.hasTask(match.request.requestId, match.ordinal) }
  }

  private async byKeys(
    asking: readonly { readonly facts: LinkFacts; readonly keys: readonly Buffer[] }[],
  ): Promise<Found[][]> {
    const wanted = asking.flatMap(({ facts, keys }, index) => keys.map((key) => ({ facts, key, index })))
    const found: Found[][] = asking.map(() => [])
    const first = wanted[0]
    if (!first) return found
    const { rows } = await this.tx.query<KnownRow & { place: number; ordinal: number; isTaken: boolean }>({
      name: 'find-known',
      text: findSql,
      values: [
        first.facts.domainId,
        wanted.map(({ key }) => keyNumber(key)),
        wanted.map(({ facts }) => facts.requestId),
      ],
    })
    for (const row of rows) {
      const { place, ordinal, isTaken } = row
      const one = wanted[place]
      if (one) found[one.index]?.push({ key: one.key, request: knownOf(row), ordinal, isTaken })
    }
    return found
  }

  /** The newest requests around each by the client's own words. */
  private async byLanes(asking: readonly LinkFacts[]): Promise<Lanes[]> {
    const wanted = asking.flatMap((facts, index) => lanesOf(facts).map((lane) => ({ facts, lane, index })))
    const found: Lanes[] = asking.map(() => noLanes)
    const first = wanted[0]
    if (!first) return found
    const { rows } = await this.tx.query<KnownRow & { place: number }>({
      name: 'find-lanes',
      text: laneSql,
      values: [
        first.facts.domainId,
        wanted.map(({ facts }) => facts.sessionId),
        wanted.map(({ lane }) => lane.agentId),
        wanted.map(({ lane }) => lane.roles),
        wanted.map(({ facts }) => facts.requestId),
      ],
    })
    for (const row of rows) {
      const one = wanted[row.place]
      if (one) found[one.index] = { ...(found[one.index] ?? noLanes), ...called(knownOf(row), one.lane) }
    }
    return found
  }

  private withFreshLanes(facts: LinkFacts): Lanes {
    let lanes = this.lanes.get(facts.requestId) ?? noLanes
    for (const lane of lanesOf(facts)) {
      const isIn = (known: KnownRequest) =>
        known.sessionId === facts.sessionId && known.agentId === lane.agentId && lane.roles.includes(known.role)
      const newest = this.fresh.newest(isIn)
      if (newest) lanes = { ...lanes, ...called(newest, lane) }
    }
    return lanes
  }
}

/** Of one request in the order of its calls. */
function newestFirst(found: readonly Found[]): Found[] {
  return found.toSorted(({ request: { requestId: a }, ordinal }, { request: { requestId: b }, ordinal: other }) =>
    a === b ? ordinal - other : a < b ? 1 : -1,
  )
}

const turns = 'turn compaction'

function lanesOf({ sessionId, agentId, parentAgentId, wants }: LinkFacts): Lane[] {
  if (sessionId === null) return []
  const lanes: Lane[] = [{ names: ['latestOfSession'], agentId, roles: `${turns} side` }]
  if (agentId === '') lanes.push({ names: ['latestOwn', 'latestMain'], agentId, roles: turns })
  else lanes.push({ names: ['latestOwn'], agentId, roles: turns }, { names: ['latestMain'], agentId: '', roles: turns })
  if (parentAgentId) lanes.push({ names: ['latestOfParentAgent'], agentId: parentAgentId, roles: turns })
  if (wants.summaries.length > 0) lanes.push({ names: ['latestCompaction'], agentId, roles: 'compaction' })
  return lanes
}

function called(known: KnownRequest, { names }: Lane): Partial<Lanes> {
  return Object.fromEntries(names.map((name) => [name, known]))
}
