/** What is asked of the upstream, by path and query. */

const pathOf = (target: string) => target.split('?', 1)[0] ?? ''

/** Counting tokens, batches, files and models have rates of their own, and most of them cost nothing. */
export const isMessage = (target: string) => pathOf(target) === '/v1/messages'

/** It takes keys of another kind than accounts have. */
export const isOfAdministration = (target: string) => pathOf(target).startsWith('/v1/organizations/')
