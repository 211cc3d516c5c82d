/** Claude Code warms its connection up with this; any answer will do, without a credential. */
export function GET(): Response {
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
}

export function HEAD(): Response {
  return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } })
}
