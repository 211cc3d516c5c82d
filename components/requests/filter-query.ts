/** What the address of the requests page may say about which requests are wanted. */
export const filterNames = [
  'from',
  'to',
  'q',
  'status',
  'outcome',
  'model',
  'domain',
  'clientKeyId',
  'accountId',
  'kind',
  'errorType',
  'conversationId',
  'sort',
] as const

const defaultFrom = '-24h'

/** The query for the API, the same on the server and in the browser. The API knows no default period; the page does. */
export function filterQueryOf(given: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams({ from: defaultFrom })
  for (const name of filterNames) {
    const value = given[name]
    if (typeof value === 'string' && value !== '') query.set(name, value)
  }
  query.sort()
  return query.toString()
}

/** The same for the address of a page, which also says in which time zone its times are. */
export function pageQueryOf(given: Readonly<Record<string, unknown>>): string {
  const query = filterQueryOf(given)
  const { tz } = given
  return typeof tz === 'string' && tz !== '' ? `${query}&${new URLSearchParams({ tz }).toString()}` : query
}
