/** A value as the API sends it: times are ISO texts. Pages hand this to components, which then know one shape only. */
export type Sent<T> = T extends Date
  ? string
  : T extends readonly (infer Item)[]
    ? readonly Sent<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Sent<T[Key]> }
      : T

export function sent<T>(value: T): Sent<T> {
  return JSON.parse(JSON.stringify(value)) as Sent<T>
}
