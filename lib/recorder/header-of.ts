import type { HeaderList } from '@/lib/proxy/ports'

/** The first header of that name; `name` is lower case. */
export function headerOf(headers: HeaderList, name: string): string | null {
  return headers.find(([other]) => other.length === name.length && other.toLowerCase() === name)?.[1] ?? null
}
