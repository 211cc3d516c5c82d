/** A small bar chart, as a developer pastes it. */
export const chart =
  'iVBORw0KGgoAAAANSUhEUgAAAPAAAAB4AgMAAACx2Je0AAAADFBMVEX///8tLYi0IxhKUWBTMMo3AAAAbElEQVR42u3YMQqAMBBE0TQ2nspDuPfxOGEvqZBiQUQJoiRM/i+TeV2qpEREPWS2glXwwwIsjyezBQz+CpcpuAmOEzUcF2B5HAuwGr6+DfC/+GzAYvjGgJvh2X0bCbtnMBgM7hXvL+Obnyo6AE005bnxgDvbAAAAAElFTkSuQmCC'

export const summaryOfMove = `1. Primary request: move the settings page to the new form components, file by file.
2. What was done: env, log, http, db, format, time-range and csv are moved; each has its tests, all pass.
3. Decisions: a field wires its own label, hint and error; no form keeps a copy of what the server said.
4. Problems: the old helper for dates was used in two places; both take the zone of the page now.
5. What is left: the page itself, its tests, and the removal of the old components.
6. Next step: lib/format.ts still has two helpers that only the old form needs.`

export const webPage = `# Errors

| status | type | meaning |
|---|---|---|
| 429 | rate_limit_error | a limit of your own is reached |
| 529 | overloaded_error | the service is overloaded for everybody: try again later |`
