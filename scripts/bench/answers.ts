/** What the upstream is told: the events of each answer; the header `x-bench-answer` of a call chooses one. */
export type Answers = readonly (readonly string[])[]

/** The headers by which a call says how it wants to be answered. */
export const answerHeader = 'x-bench-answer'
/** Milliseconds between two events; without it they come as fast as they can be written. */
export const paceHeader = 'x-bench-pace-ms'
