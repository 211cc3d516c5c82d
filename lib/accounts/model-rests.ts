/** Class of models (lib/claude/model-class.ts) → the instant until which an account rests for it. */
export type ModelRests = Readonly<Record<string, number>>

/** More classes than there are: what clients call their models is theirs. The ones that end first are left out. */
const mostRests = 32

/** One more rest; those that are over are left out. */
export function withRest(
  rests: ModelRests,
  { models, untilMs }: { readonly models: string; readonly untilMs: number },
  nowMs: number,
): ModelRests {
  const running = listRunning(mergeRests(rests, { [models]: untilMs }), nowMs)
  return Object.fromEntries(running.toSorted(([, one], [, other]) => other - one).slice(0, mostRests))
}

/** The rests that are not over, as `[class, end]`. While there are none, the body of a call need not be read. */
export function listRunning(rests: ModelRests, nowMs: number): (readonly [models: string, untilMs: number])[] {
  return Object.entries(rests).filter(([, untilMs]) => untilMs > nowMs)
}

/** What two processes know: of two rests of a class the longer one counts. */
export function mergeRests(left: ModelRests, right: ModelRests): ModelRests {
  const merged = new Map(Object.entries(left))
  for (const [models, untilMs] of Object.entries(right)) merged.set(models, Math.max(untilMs, merged.get(models) ?? 0))
  return Object.fromEntries(merged)
}

/** Until when a class rests; 0 = it does not. The name may be a word that every object has a property for. */
export function restOfClass(rests: ModelRests, models: string | null): number {
  return models !== null && Object.hasOwn(rests, models) ? (rests[models] ?? 0) : 0
}
