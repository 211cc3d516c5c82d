/** What the address of the conversations page may say about which conversations are wanted. */
export const listNames = ['from', 'to', 'q', 'domain', 'accountId', 'model', 'sort', 'includeSideCalls'] as const
export type ListName = (typeof listNames)[number]

const defaultFrom = '-24h'

/** The query for the API, the same on the server and in the browser. */
export function listQueryOf(given: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams({ from: defaultFrom })
  for (const name of listNames) {
    const value = given[name]
    if (typeof value === 'string' && value !== '') query.set(name, value)
  }
  query.sort()
  return query.toString()
}
