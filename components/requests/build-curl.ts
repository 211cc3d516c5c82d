/** Secrets are not recorded, and these belong to one connection or are made by curl itself. */
const left =
  /^(?:host|content-length|connection|keep-alive|te|transfer-encoding|expect|accept-encoding|authorization|x-api-key|cookie|proxy-authorization|forwarded|x-real-ip|x-forwarded-.*|x-nexus-.*)$/i

interface CurlSource {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** null: too long for a command line, or no text. It is then read from `bodyFile`. */
  readonly body: string | null
  readonly bodyFile: string
}

/** Pure: a command for a POSIX shell that sends the same call, with a placeholder where the key goes. */
export function buildCurl({ method, url, headers, body, bodyFile }: CurlSource): string {
  const sent = Object.entries(headers).filter(([name, value]) => !left.test(name) && value !== '[removed]')
  const parts = [
    `curl ${quote(url)}`,
    `-X ${method}`,
    '-H "Authorization: Bearer $NEXUS_CLIENT_KEY"',
    ...sent.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body === '' ? [] : [`--data-binary ${body === null ? quote(`@${bodyFile}`) : quote(body)}`]),
  ]
  return parts.join(' \\\n  ')
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
