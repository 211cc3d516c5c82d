/** The address when it is plain web (http, https), else null: `javascript:`, `data:` and their disguises lead nowhere. */
export function safeUrl(text: unknown): string | null {
  if (typeof text !== 'string' || text.length > 4_000) return null
  try {
    const url = new URL(text)
    return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : null
  } catch {
    // Relative or malformed: inside a recorded text it would point at our own pages.
    return null
  }
}

const shownTypes = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp'])

/** A data URL for a base64 picture of a harmless type, else null. SVG is not harmless. */
export function safeImageUrl(mediaType: unknown, base64: unknown): string | null {
  if (typeof mediaType !== 'string' || typeof base64 !== 'string') return null
  if (!shownTypes.has(mediaType) || !/^[A-Za-z0-9+/=\s]+$/.test(base64)) return null
  return `data:${mediaType};base64,${base64}`
}

/** Bytes that a base64 text stands for. */
export function base64Bytes(base64: string): number {
  const padding = /={1,2}\s*$/.exec(base64)?.[0].trim().length ?? 0
  return Math.max(0, Math.floor((base64.length * 3) / 4) - padding)
}
