/** Claude Code's telemetry: accepted so that the client is content, and discarded unread. */
export async function POST(request: Request): Promise<Response> {
  await request.body?.cancel()
  return Response.json({ status: 'ok' }, { headers: { 'cache-control': 'no-store' } })
}
