const loneSurrogates = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Text that a `text` column takes: no NUL, no half of a surrogate pair, bounded. Empty becomes null. */
export function cleanText(text: string | null | undefined, maxLength: number): string | null {
  if (!text) return null
  // Cut first: a very long header must not cost a scan of its whole length.
  const cut = text.length > maxLength ? text.slice(0, maxLength) : text
  return cut.replaceAll('\0', '\ufffd').replace(loneSurrogates, '\ufffd') || null
}
