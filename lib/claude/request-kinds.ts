/** How a request's kind is recognised. Rules are data, tried in order; every condition of a rule must hold. */

type MessageKind = 'main' | 'subagent' | 'compaction' | 'title' | 'web_search' | 'web_fetch' | 'quota' | 'side'
type PathKind = 'count_tokens' | 'models' | 'batches' | 'files' | 'other'
/** `replay`: a recorded request that was sent again; nothing in it says so. */
export type RequestKind = MessageKind | PathKind | 'replay'

/** What the rules may look at. */
interface KindSignals {
  readonly isClaudeCode: boolean
  readonly isSubagent: boolean
  readonly betas: readonly string[]
  readonly maxTokens: number | null
  readonly messageCount: number
  readonly toolCount: number
  /** `type` of the only tool, when there is exactly one. */
  readonly onlyToolType: string | null
  /** Top-level properties of the JSON schema the answer must follow. */
  readonly answerProperties: readonly string[]
  /** The answer must be JSON of a given form. */
  readonly hasAnswerForm: boolean
  /** Texts of `system`. */
  readonly instructions: readonly string[]
  /** The field `compaction`: the upstream is to answer with a summary alone. */
  readonly asksSummary: boolean
  readonly firstUserText: string
  readonly lastUserText: string
  /** The first text of the last user message as it is: clients open with reminders of their own. */
  readonly lastOpening: string
}

export interface KindRule {
  readonly kind: MessageKind
  readonly isClaudeCode?: true
  readonly isSubagent?: true
  readonly hasNoTools?: true
  readonly lacksBeta?: string
  readonly maxTokens?: number
  readonly messageCount?: number
  readonly onlyToolTypeStarts?: string
  readonly answerHasProperty?: string
  readonly hasAnswerForm?: true
  readonly asksSummary?: true
  readonly instructionsStart?: string
  readonly firstTextStarts?: string
  readonly lastTextStarts?: string
  readonly lastTextIncludes?: string
  readonly lastTextIs?: string
  readonly lastOpensWith?: string
}

/** Claude Code's main loop announces itself with this beta; its side calls do not. */
const claudeCodeBeta = 'claude-code-20250219'

export const kindRules: readonly KindRule[] = [
  { kind: 'compaction', asksSummary: true },
  {
    kind: 'compaction',
    lastTextStarts: 'CRITICAL: Respond with TEXT ONLY. Do NOT call any tools.',
    lastTextIncludes: 'Your task is to create a detailed summary of',
  },
  { kind: 'compaction', lastTextStarts: 'Your task is to create a detailed summary of' },
  { kind: 'quota', maxTokens: 1, messageCount: 1, lastTextIs: 'quota' },
  { kind: 'web_search', onlyToolTypeStarts: 'web_search_', firstTextStarts: 'Perform a web search for the query: ' },
  { kind: 'web_fetch', hasNoTools: true, messageCount: 1, firstTextStarts: 'Web page content:' },
  { kind: 'title', hasNoTools: true, messageCount: 1, answerHasProperty: 'title', firstTextStarts: '<session>' },
  { kind: 'title', isClaudeCode: true, hasNoTools: true, messageCount: 1, answerHasProperty: 'title' },
  { kind: 'title', hasNoTools: true, messageCount: 1, firstTextStarts: 'Please write a 5-10 word title ' },
  { kind: 'side', hasNoTools: true, messageCount: 1, answerHasProperty: 'name', firstTextStarts: '<conversation>' },
  // The whole history with a question of the client's own, or one aside: the conversation goes on without it.
  { kind: 'side', isClaudeCode: true, lastTextStarts: '[SUGGESTION MODE: ' },
  { kind: 'side', isClaudeCode: true, lastTextStarts: 'The user stepped away and is coming back.' },
  { kind: 'side', isClaudeCode: true, lastOpensWith: '<system-reminder>This is a side question from the user.' },
  // What an agent is doing, what tools have done; whether a hook or a safety check lets something pass.
  { kind: 'side', isClaudeCode: true, lastTextStarts: 'Describe your most recent action in 3-5 words' },
  { kind: 'side', isClaudeCode: true, hasNoTools: true, firstTextStarts: '<tools-used-before-summary>' },
  { kind: 'side', isClaudeCode: true, instructionsStart: 'You are verifying a stop condition in Claude Code.' },
  {
    kind: 'side',
    isClaudeCode: true,
    instructionsStart: 'You are a security monitor for autonomous AI coding agents.',
  },
  // What its users want in a form, it asks for with a tool.
  { kind: 'side', isClaudeCode: true, hasNoTools: true, hasAnswerForm: true },
  { kind: 'subagent', isSubagent: true },
  // Versions of late 2025 call their agents once beforehand, for the cache.
  { kind: 'side', isClaudeCode: true, messageCount: 1, lastTextIs: 'Warmup' },
  // A prompt without an answer only warms the cache.
  { kind: 'side', maxTokens: 0 },
  { kind: 'side', isClaudeCode: true, hasNoTools: true, lacksBeta: claudeCodeBeta },
  { kind: 'side', isClaudeCode: true, maxTokens: 1 },
  { kind: 'main' },
]

/** Claude Code's own word for a request (header `x-claude-code-request-class`); it wins over every rule. */
const kindOfClass: ReadonlyMap<string, MessageKind> = new Map<string, MessageKind>([
  ['main', 'main'],
  ['subagent', 'subagent'],
  ['workflow', 'subagent'],
  ['compaction', 'compaction'],
  ['side_reply', 'side'],
  ['summary-extraction', 'compaction'],
  ['blocking-subagent', 'subagent'],
  ['background-task', 'subagent'],
])

/** Classes of helpers: the rules may say which helper it is, but never that it is a turn of a conversation. */
const auxiliaryClasses: ReadonlySet<string> = new Set(['auxiliary', 'followup-generation'])

/** First match wins; paths are without the query. */
const pathRules: readonly (readonly [prefix: string, kind: PathKind])[] = [
  ['/v1/messages/count_tokens', 'count_tokens'],
  ['/v1/messages/batches', 'batches'],
  ['/v1/models', 'models'],
  ['/v1/files', 'files'],
]

/** A kind and what it was told by. */
export interface ChosenKind<Kind extends RequestKind = RequestKind> {
  readonly kind: Kind
  readonly reason: string
}

export function chooseKind(signals: KindSignals, requestClass: string | null): ChosenKind<MessageKind> {
  const said = requestClass === null ? undefined : kindOfClass.get(requestClass)
  if (said) return { kind: said, reason: `the client says ${requestClass}` }
  const rule = kindRules.find((one) => matches(one, signals))
  const kind = rule?.kind ?? 'main'
  const isHelper = requestClass !== null && auxiliaryClasses.has(requestClass)
  if (isHelper && (kind === 'main' || kind === 'subagent'))
    return { kind: 'side', reason: `the client says ${requestClass}` }
  return { kind, reason: (rule && reasons.get(rule)) ?? 'no rule' }
}

/** null for messages: their kind is in the body. */
export function choosePathKind(method: string, path: string): ChosenKind<PathKind> | null {
  if (path === '/v1/messages' && method === 'POST') return null
  const rule = pathRules.find(([prefix]) => path === prefix || path.startsWith(`${prefix}/`))
  return { kind: rule?.[1] ?? 'other', reason: `the path ${rule?.[0] ?? path}` }
}

/** What a rule asks for, in words: `lastTextStarts` "…". */
const reasons: ReadonlyMap<KindRule, string> = new Map(
  kindRules.map((rule) => [rule, describeConditions(rule) || 'nothing else fits']),
)

function describeConditions({ kind: _kind, ...asked }: KindRule): string {
  return Object.entries(asked)
    .map(([name, value]) => (value === true ? wordsOf(name) : `${wordsOf(name)} ${JSON.stringify(value)}`))
    .join(', ')
}

function wordsOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

const conditions: readonly ((rule: KindRule, signals: KindSignals) => boolean)[] = [
  (rule, signals) => !rule.isClaudeCode || signals.isClaudeCode,
  (rule, signals) => !rule.isSubagent || signals.isSubagent,
  (rule, signals) => !rule.hasNoTools || signals.toolCount === 0,
  (rule, signals) => rule.lacksBeta === undefined || !signals.betas.includes(rule.lacksBeta),
  (rule, signals) => rule.maxTokens === undefined || signals.maxTokens === rule.maxTokens,
  (rule, signals) => rule.messageCount === undefined || signals.messageCount === rule.messageCount,
  (rule, signals) => rule.onlyToolTypeStarts === undefined || startsWith(signals.onlyToolType, rule.onlyToolTypeStarts),
  (rule, signals) => !rule.asksSummary || signals.asksSummary,
  (rule, signals) => !rule.hasAnswerForm || signals.hasAnswerForm,
  ({ instructionsStart: start }, { instructions }) =>
    start === undefined || instructions.some((text) => startsWith(text, start)),
  (rule, signals) => rule.answerHasProperty === undefined || signals.answerProperties.includes(rule.answerHasProperty),
  (rule, signals) => rule.firstTextStarts === undefined || startsWith(signals.firstUserText, rule.firstTextStarts),
  (rule, signals) => rule.lastTextStarts === undefined || startsWith(signals.lastUserText, rule.lastTextStarts),
  (rule, signals) => rule.lastTextIncludes === undefined || signals.lastUserText.includes(rule.lastTextIncludes),
  (rule, signals) => rule.lastOpensWith === undefined || startsWith(signals.lastOpening, rule.lastOpensWith),
  (rule, signals) => rule.lastTextIs === undefined || signals.lastUserText.trim() === rule.lastTextIs,
]

function matches(rule: KindRule, signals: KindSignals): boolean {
  return conditions.every((holds) => holds(rule, signals))
}

function startsWith(text: string | null, start: string): boolean {
  return text !== null && text.trimStart().startsWith(start)
}
