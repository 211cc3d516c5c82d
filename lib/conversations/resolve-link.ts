import type { PoolClient } from 'pg'
import { buildLink, type BranchQuestions } from './build-link'
import { decideLink } from './decide-link'
import { KnownFinder } from './find-known'
import type { FreshLinks } from './fresh-links'
import type { ExplainedLink, Findings } from './known-request'
import { noLabels, type LinkFacts } from './link-facts'
import type { LinkedFacts } from './link-rows'
import type { LinkSecrets } from './link-secrets'
import { rollTranscript, type Transcript } from './rolled-transcript'
import { roll } from './transcript'

/** Lengths of an unknown beginning under which a late parent still finds this request. */
const mostGaps = 64

/** Finds the place of a request among older ones, and what is to be stored of it. Writes nothing. */
export class LinkResolver {
  private readonly finder: KnownFinder

  constructor(
    tx: PoolClient,
    private readonly secrets: LinkSecrets,
  ) {
    this.finder = new KnownFinder(tx, secrets)
  }

  /** What was linked and is not in the database yet. */
  get fresh(): FreshLinks {
    return this.finder.fresh
  }

  /** Asks the database for all of them at once; holds until one of them is stored otherwise than it was. */
  async prefetch(facts: readonly LinkFacts[]): Promise<void> {
    await this.finder.prefetch(facts.map((one) => ({ facts: one, transcript: this.rollFrom(one, null) })))
  }

  /** After `prefetch` of the same request. */
  async resolve(facts: LinkFacts): Promise<LinkedFacts> {
    const previous = await this.finder.findPrevious(facts)
    const transcript = this.rollFrom(facts, previous)
    const found = await this.finder.find({ facts, transcript }, previous)
    const link = await buildLink(facts, decideLink({ facts, transcript, found }), this.questionsOf(facts))
    const isSide = facts.role === 'side'
    const base = facts.isThread || isSide ? null : longestBase(found)
    const linked = {
      facts,
      link,
      transcript,
      transcriptHash: isSide ? null : transcript.hash,
      base,
      words: facts.words,
      labels: base && goesOn(link) ? noLabels : facts.readLabels(),
    }
    return { ...linked, keys: [...this.ownKeys(linked), ...facts.offers, ...this.waitingKeys(linked)] }
  }

  /** A message thread begins where its previous answer ended; one whose beginning is unknown stands alone. */
  private rollFrom(
    facts: LinkFacts,
    previous: { answerHash: Buffer | null; transcriptLength: number } | null,
  ): Transcript {
    const { transcript } = this.secrets
    if (!facts.isThread) return rollTranscript(facts.digests, { hash: transcript, length: 0 })
    if (previous?.answerHash)
      return rollTranscript(facts.digests, { hash: previous.answerHash, length: previous.transcriptLength + 1 })
    return rollTranscript(facts.digests, { hash: roll(transcript, facts.wants.message ?? transcript), length: 0 })
  }

  private questionsOf(facts: LinkFacts): BranchQuestions {
    return {
      hasChild: (node) => this.finder.hasChild(node),
      countBranches: (conversationId, prefix) => this.finder.countBranches(facts, conversationId, prefix),
    }
  }

  private ownKeys({ transcript, transcriptHash }: UnkeyedFacts): LinkFacts['offers'] {
    if (!transcriptHash) return []
    return [{ key: this.secrets.keyOf('transcript', transcriptHash), ordinal: transcript.length }]
  }

  /** Under these a parent that is recorded late finds its child. */
  private waitingKeys({ facts, base, transcript, link }: UnkeyedFacts): LinkFacts['offers'] {
    const { keyOf, waitingKeyOf } = this.secrets
    if (facts.role === 'side') return []
    const gapCount = facts.isThread ? 0 : Math.min(mostGaps, transcript.length - (base?.transcriptLength ?? 0) - 1)
    const gaps = transcript
      .lengthsBelow(transcript.length, Math.max(0, gapCount))
      .flatMap((length) => transcript.hashAt(length) ?? [])
      // Whoever comes late with that beginning goes on from the base itself, and is found as part of its conversation.
      .filter((hash) => !base?.answerHash?.equals(hash))
      .map((hash) => keyOf('transcript', hash))
    const unmet =
      link.parentRequestId === null ? [facts.wants.prompt, facts.wants.message, ...facts.wants.summaries] : []
    return [...gaps, ...unmet.flatMap((key) => key ?? [])].map((key) => ({ key: waitingKeyOf(key), ordinal: 0 }))
  }
}

/** What begins a sub-task may turn out to begin a conversation, when others took the calls for it. */
function goesOn({ parentRequestId, isSubtask, startsBranch }: ExplainedLink): boolean {
  return parentRequestId !== null && !(isSubtask && startsBranch)
}

type UnkeyedFacts = Omit<LinkedFacts, 'keys'>

function longestBase({ byTranscript }: Findings): LinkedFacts['base'] {
  return byTranscript
    .filter(({ isThread }) => !isThread)
    .reduce<LinkedFacts['base']>(
      (best, known) => (best && best.transcriptLength >= known.transcriptLength ? best : known),
      null,
    )
}
