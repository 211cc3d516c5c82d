/**
 * Words by which clients mark what a message is for. They change by release: add a line, never replace one, so
 * that history stays readable; `npm run relink -- --dry-run` shows what a new line would change.
 */

/** A user message that carries the summary of an earlier part, and where the summary begins and ends in it. */
export interface ContinuationMarker {
  readonly says: string
  readonly begins: readonly string[]
  readonly ends: readonly string[]
}

const instructionsAfterSummary = [
  'If you need specific details from before compaction',
  'Continue the conversation from where it left off',
  'Please continue the conversation',
  'Recent messages are preserved verbatim',
]

export const continuationMarkers: readonly ContinuationMarker[] = [
  {
    says: 'This session is being continued from a previous conversation that ran out of context.',
    begins: ['Summary:', 'The conversation is summarized below:', 'covers the earlier portion of the conversation.'],
    ends: instructionsAfterSummary,
  },
  {
    says: 'The conversation is summarized below:',
    begins: ['The conversation is summarized below:'],
    ends: instructionsAfterSummary,
  },
]

/** Names of the tool that starts a sub-task; its input has a `prompt`. */
export const subtaskTools: ReadonlySet<string> = new Set(['Agent', 'Task'])

/** An agent that goes on from its parent's whole history: how its first request opens its task, and where that begins. */
export const forkMarker = { opens: '<fork-boilerplate>', begins: 'Your directive: ' } as const

/** Kinds of calls that a client makes beside the conversation. */
export const sideKinds: ReadonlySet<string> = new Set([
  'title',
  'quota',
  'web_search',
  'web_fetch',
  'side',
  'count_tokens',
])

/** Texts that clients put into a user message and nobody typed. */
export const untypedStarts: readonly string[] = [
  '<local-command-',
  '<command-',
  'Caveat: The messages below were generated',
  '[Request interrupted by user',
  '<bash-',
  '<task-notification>',
]
