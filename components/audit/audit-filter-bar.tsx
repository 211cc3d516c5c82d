import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { SearchField } from '@/components/ui/search-field'
import { Select } from '@/components/ui/select'

interface AuditFilterValues {
  readonly action: string
  readonly actor: string
  readonly from: string
  readonly to: string
}

export const noFilter = { action: null, actor: null, from: null, to: null }

interface AuditFilterBarProps {
  actions: readonly string[]
  filter: AuditFilterValues
  onChange: (change: Partial<Record<keyof AuditFilterValues, string | null>>) => void
}

export function AuditFilterBar({ actions, filter, onChange }: AuditFilterBarProps) {
  const nouns = [...new Set(actions.map((action) => `${action.split('.')[0]}.`))]
  return (
    <div className="mb-4 grid grid-cols-2 gap-3 sm:grid-cols-4">
      <Field label="Action">
        <Select value={filter.action} onChange={(event) => onChange({ action: event.target.value || null })}>
          <option value="">every action</option>
          {nouns.map((noun) => (
            <option key={noun} value={noun}>
              everything of {noun.slice(0, -1).replaceAll('-', ' ')}
            </option>
          ))}
          {actions.map((action) => (
            <option key={action} value={action}>
              {action}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Who">
        <SearchField
          value={filter.actor}
          onSearch={(actor) => onChange({ actor: actor || null })}
          label="Who"
          placeholder="part of a name"
          shortest={1}
        />
      </Field>
      <Field label="From (UTC)">
        <Input type="date" value={filter.from} onChange={(event) => onChange({ from: event.target.value || null })} />
      </Field>
      <Field label="Before (UTC)">
        <Input type="date" value={filter.to} onChange={(event) => onChange({ to: event.target.value || null })} />
      </Field>
    </div>
  )
}
