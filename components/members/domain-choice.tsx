import { ChoiceList } from '@/components/ui/choice-list'

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
    <ChoiceList
      legend="Domains that they see"
      noun="domain"
      choices={domains.map(({ domainId, domain }) => ({
        value: domainId,
        label: domain,
        isChosen: chosen.includes(domainId),
      }))}
      none="There is no domain yet."
      onChange={(domainId, isChosen) =>
        onChange(isChosen ? [...chosen, domainId] : chosen.filter((id) => id !== domainId))
      }
    />
  )
}
