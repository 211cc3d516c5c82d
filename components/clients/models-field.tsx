import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'

/** Which models may be used; the names are read back by readModels. */
export function ModelsField({ allowed = [], error }: { allowed?: readonly string[]; error?: string }) {
  return (
    <Field
      label="Models"
      error={error}
      hint="Empty means every model. Separate names by commas; claude-haiku-* stands for all that begin like it."
    >
      <Input
        name="allowedModels"
        defaultValue={allowed.join(', ')}
        placeholder="every model"
        autoComplete="off"
        spellCheck={false}
      />
    </Field>
  )
}
