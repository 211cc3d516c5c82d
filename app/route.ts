/** Claude Code asks `HEAD /` whether its base URL is there. */
export function HEAD(): Response {
  return new Response(null)
}

export function GET(): Response {
  return new Response(null, { status: 307, headers: { location: '/overview' } })
}
