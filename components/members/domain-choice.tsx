import { Checkbox } from '@/components/ui/checkbox'

export interface DomainOption {
  readonly domainId: string
  readonly domain: string
}

interface DomainChoiceProps {
  domains: readonly DomainOption[]
  chosen: readonly string[]
  onChange: (domainIds: string[]) => void
}

/** The domains that a member sees. */
export function DomainChoice({ domains, chosen, onChange }: DomainChoiceProps) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 text-control font-medium">Domains that they see</legend>
      {domains.length === 0 && <p className="text-body text-muted">There is no domain yet.</p>}
      <div className="flex max-h-60 flex-col gap-2 overflow-y-auto">
        {domains.map(({ domainId, domain }) => (
          <Checkbox
            key={domainId}
            label={<span className="break-all">{domain}</span>}
            checked={chosen.includes(domainId)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, domainId] : chosen.filter((id) => id !== domainId))
            }
          />
        ))}
      </div>
    </fieldset>
  )
}
