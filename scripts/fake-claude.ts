import { startFakeClaude, type FakeExchange } from '../lib/testing/fake-claude'

/** Runs the fake Claude API by hand: `npx tsx scripts/fake-claude.ts [port]`. Prints one line a request. */
const port = Number(process.argv[2] ?? 4010)
const fake = await startFakeClaude({ port })
console.log(`The fake Claude API listens at ${fake.url}`)

const printed = new WeakSet<FakeExchange>()
for (;;) {
  const next = await fake.waitFor((exchange) => isOver(exchange) && !printed.has(exchange), 2_147_483_647)
  printed.add(next)
  const { status, bytes, usage } = next.response
  console.log(
    `${next.method} ${next.target} ${next.body.length} B -> ${status} ${bytes} B ${usage ? `${usage.input_tokens}+${usage.output_tokens} tokens` : ''}`,
  )
}

function isOver(exchange: FakeExchange): boolean {
  return exchange.aborted || exchange.response.finished
}
