'use client'

import { parseAsString, useQueryState } from 'nuqs'
import { Select } from '@/components/ui/select'

/** All domains, or one; kept in the address. */
export function DomainSelect({ domains }: { domains: readonly string[] }) {
  const [domain, setDomain] = useQueryState(
    'domain',
    parseAsString.withDefault('').withOptions({ shallow: false, history: 'push' }),
  )
  const shown = domain === '' || domains.includes(domain) ? domains : [domain, ...domains]
  return (
    <Select
      aria-label="Domain"
      value={domain}
      onChange={(event) => void setDomain(event.target.value || null)}
      className="w-auto max-w-60 [&_select]:min-h-8 pointer-coarse:[&_select]:min-h-10 [&_select]:py-0.5 [&_select]:text-table"
    >
      <option value="">All domains</option>
      {shown.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </Select>
  )
}
