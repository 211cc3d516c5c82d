import type { PoolClient } from 'pg'
import type { Findings, KnownRequest, Match } from './known-request'
import type { LinkFacts } from './link-facts'
import { knownColumns } from './link-rows'
import type { LinkSecrets } from './link-secrets'
import type { Transcript } from './rolled-transcript'

/** How many lengths of a transcript are asked for at once; the parent is nearly always among the newest. */
const nearLengths = 16
const farLengths = 2_000
/** How many requests with the same key are looked at, newest first. */
const perKey = 8

interface FoundRow extends KnownRequest {
  readonly key: Buffer
  readonly ordinal: number
  readonly isTaken: boolean
}

const findSql = `
  SELECT ${knownColumns}, wanted.key, k.ordinal,
    EXISTS (SELECT FROM request_links u WHERE u.parent_task_request_id = l.request_id AND u.task_ordinal = k.ordinal
      AND u.starts_branch AND u.request_id < $3) AS "isTaken"
  FROM unnest($2::bytea[]) AS wanted(key)
  CROSS JOIN LATERAL (
    SELECT request_id, ordinal FROM link_keys
    WHERE domain_id = $1 AND key = wanted.key AND request_id < $3 ORDER BY request_id DESC LIMIT ${perKey}
  ) k
  JOIN request_links l ON l.request_id = k.request_id
  ORDER BY l.request_id DESC`

/** Looks requests of one domain up that are older than the one in question. */
export class KnownFinder {
  constructor(
    private readonly tx: PoolClient,
    private readonly secrets: LinkSecrets,
  ) {}

  /** The answer that a message thread goes on from. */
  async findPrevious(facts: LinkFacts): Promise<KnownRequest | null> {
    if (!facts.isThread || !facts.wants.message) return null
    return (await this.byKeys(facts, [facts.wants.message]))[0] ?? null
  }

  async find(facts: LinkFacts, transcript: Transcript, previous: KnownRequest | null): Promise<Findings> {
    const { wants } = facts
    const near = await this.byKeys(facts, [
      ...this.transcriptKeys(transcript, transcript.lengthsBelow(transcript.length + 1, nearLengths)),
      ...[wants.answer, wants.prompt].flatMap((key) => key ?? []),
      ...wants.summaries,
    ])
    const matching = (keys: readonly (Buffer | null)[]) =>
      near.filter(({ key }) => keys.some((wanted) => wanted?.equals(key)))
    const byTranscript = near.filter((row) => isTranscriptMatch(row, this.secrets))
    return {
      byTranscript: byTranscript.length > 0 ? byTranscript : await this.findFar(facts, transcript),
      byAnswer: matching([wants.answer]),
      byPrompt: matching([wants.prompt]).map(asMatch),
      bySummary: matching(wants.summaries).map(asMatch),
      byMessage: previous ? [previous] : [],
      ...(await this.findLanes(facts)),
    }
  }

  private async findFar(facts: LinkFacts, transcript: Transcript): Promise<KnownRequest[]> {
    const lengths = transcript.lengthsBelow(transcript.length + 1 - nearLengths, farLengths)
    return lengths.length === 0 ? [] : this.byKeys(facts, this.transcriptKeys(transcript, lengths))
  }

  private transcriptKeys(transcript: Transcript, lengths: readonly number[]): Buffer[] {
    return lengths.flatMap((length) => {
      const hash = transcript.hashAt(length)
      return hash ? [this.secrets.keyOf('transcript', hash)] : []
    })
  }

  private async byKeys(facts: LinkFacts, keys: readonly Buffer[]): Promise<FoundRow[]> {
    if (keys.length === 0) return []
    const { rows } = await this.tx.query<FoundRow>({
      name: 'find-known',
      text: findSql,
      values: [facts.domainId, keys, facts.requestId],
    })
    return rows
  }

  /** The newest requests around this one by the client's own words. */
  private async findLanes(facts: LinkFacts): Promise<Lanes> {
    const { sessionId, agentId, parentAgentId } = facts
    if (sessionId === null) return noLanes
    const lane = (name: keyof Lanes, agent: string, condition = `role <> 'side'`) => ({ name, agent, condition })
    const lanes = [
      lane('latestOwn', agentId),
      lane('latestMain', ''),
      lane('latestOfSession', agentId, 'true'),
      ...(parentAgentId ? [lane('latestOfParentAgent', parentAgentId)] : []),
      ...(facts.wants.summaries.length > 0 ? [lane('latestCompaction', agentId, `role = 'compaction'`)] : []),
    ]
    const selects = lanes.map(
      ({ condition }, index) => `(SELECT ${index} AS lane, ${knownColumns} FROM request_links l
        WHERE domain_id = $1 AND session_id = $2 AND agent_id = $${index + 4} AND request_id < $3 AND ${condition}
        ORDER BY request_id DESC LIMIT 1)`,
    )
    const { rows } = await this.tx.query<KnownRequest & { lane: number }>({
      name: `find-lanes-${parentAgentId ? 'parent' : ''}-${lanes.length}`,
      text: selects.join(' UNION ALL '),
      values: [facts.domainId, sessionId, facts.requestId, ...lanes.map(({ agent }) => agent)],
    })
    return { ...noLanes, ...Object.fromEntries(rows.map((row) => [lanes[row.lane]?.name, row])) }
  }
}

type Lanes = Pick<Findings, 'latestOwn' | 'latestMain' | 'latestOfParentAgent' | 'latestCompaction' | 'latestOfSession'>
const noLanes: Lanes = {
  latestOwn: null,
  latestMain: null,
  latestOfParentAgent: null,
  latestCompaction: null,
  latestOfSession: null,
}

function asMatch({ ordinal, isTaken, ...request }: FoundRow): Match {
  return { request, ordinal, isTaken }
}

function isTranscriptMatch({ key, transcriptHash }: FoundRow, secrets: LinkSecrets): boolean {
  return transcriptHash !== null && secrets.keyOf('transcript', transcriptHash).equals(key)
}
