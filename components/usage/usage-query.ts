import { usageGroups } from '@/lib/usage/usage-filter'

/** What the API needs of an address; the page's server part builds the same, so that both mean one answer. */
export function usageQueryOf(state: Readonly<Record<string, unknown>>): string {
  const names = ['from', 'to', 'tz', 'metric', 'group', 'bucket', 'compare', ...usageGroups]
  const given = names.flatMap((name) => {
    const value = String(state[name] ?? '')
    return value === '' || value === defaults[name] ? [] : [[name, value]]
  })
  return new URLSearchParams(given).toString()
}

const defaults: Readonly<Record<string, string>> = { metric: 'cost', group: 'model', compare: 'false' }
