/** The names that a ModelsField holds. */
export function readModels(form: FormData): string[] {
  return String(form.get('allowedModels') ?? '')
    .split(/[\s,]+/)
    .filter(Boolean)
}
