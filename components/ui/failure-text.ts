/** What a person is told: the message, and for a failure of the server the id that finds it in the log. */
export function failureText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { message, requestId } = error as Error & { requestId?: string | null }
  return requestId ? `${message} (Request ${requestId})` : message
}
