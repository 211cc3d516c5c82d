import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { roles, type Role } from '@/lib/users/permissions'
import { roleWords } from './role-words'

interface RoleSelectProps {
  role: Role
  onChange: (role: Role) => void
  /** Owners are made by owners alone. */
  mayMakeOwners: boolean
  isDisabled?: boolean
  error?: string | undefined
}

export function RoleSelect({ role, onChange, mayMakeOwners, isDisabled, error }: RoleSelectProps) {
  return (
    <Field label="Role" hint={roleWords[role]} error={error}>
      <Select name="role" value={role} disabled={isDisabled} onChange={(event) => onChange(event.target.value as Role)}>
        {roles.map((name) => (
          <option key={name} value={name} disabled={name === 'owner' && !mayMakeOwners}>
            {name}
          </option>
        ))}
      </Select>
    </Field>
  )
}
