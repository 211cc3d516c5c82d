import { parseArgs } from 'node:util'
import { noteClientKeyUse, saveClientKeyUses } from '@/lib/clients/client-key-use'
import { makeLinker } from '@/lib/conversations/link-conversations'
import { env } from '@/lib/env'
import { newId } from '@/lib/ids'
import { openRecorder, type Recorder } from '@/lib/recorder/recorder'
import { noteUpstreamLimits, writeUpstreamLimits } from '@/lib/usage/upstream-limits'
import { playAppCall } from './demo/app-calls'
import type { DemoCall } from './demo/calls'
import { Dice } from './demo/dice'
import { playCodeSession } from './demo/code-work'
import { PlanWindows } from './demo/plan-windows'
import { stories } from './demo/stories'
import { withInstallation } from './open-installation'
import { hasTenants, makeTenants, type DemoTenant } from './demo/tenants'

/**
 * `npm run seed:demo -- --requests 2000 --days 14`: fills an installation with invented traffic, through the same
 * recorder that records real calls. For trying the dashboard, screenshots and benches.
 */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '2000' },
    days: { type: 'string', default: '14' },
    seed: { type: 'string', default: '1' },
  },
})
const wanted = Number(values.requests)
const days = Number(values.days)
if (!Number.isInteger(wanted) || wanted < 1 || !(days > 0)) {
  console.error('Use: npm run seed:demo -- [--requests 2000] [--days 14] [--seed 1]')
  process.exit(64)
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const flushEvery = 200
/** Often enough for every window to be seen. */
const limitsEvery = 20
/** The recorder's clock is the demo's, so that streams take the time they took. */
const clock = { nowMs: Date.now() }

async function main(): Promise<void> {
  if (await hasTenants()) return console.log('This installation has the demo already; nothing was changed.')
  const recorder = await openRecorder({
    dataDir: env().NEXUS_DATA_DIR,
    link: makeLinker(),
    clock: { now: () => clock.nowMs, monotonic: () => clock.nowMs },
  })
  const startedAt = performance.now()
  const recorded = await playAll(recorder, await makeTenants())
  await recorder.close()
  const seconds = (performance.now() - startedAt) / 1000
  console.log(
    `Recorded ${recorded} requests of ${days} days in ${seconds.toFixed(1)} s (${Math.round(recorded / seconds)} a second).`,
  )
}

async function playAll(recorder: Recorder, tenants: readonly DemoTenant[]): Promise<number> {
  const plans = new PlanWindows()
  let count = 0
  for (const call of planCalls(tenants)) {
    const responseHeaders = [...call.responseHeaders, ...plans.headersOf(call)]
    record(recorder, { ...call, responseHeaders })
    noteUpstreamLimits(call.caller.accountId, responseHeaders, call.atMs)
    noteClientKeyUse(call.caller.clientKeyId, new Date(call.atMs))
    if (++count % flushEvery === 0) await recorder.flush()
    if (count % limitsEvery === 0) await writeUpstreamLimits()
  }
  await writeUpstreamLimits()
  await saveClientKeyUses()
  return count
}

/** Sessions spread over the days as people work: mornings and afternoons, little at night and at weekends. */
function planCalls(tenants: readonly DemoTenant[]): DemoCall[] {
  const dice = new Dice(Number(values.seed))
  const nowMs = Date.now()
  const calls = tellStories(tenants, { dice, nowMs })
  while (calls.length < wanted) {
    const atMs = Math.round(nowMs - dice.next() * days * 24 * hourMs)
    if (!dice.chance(busyness(new Date(atMs)))) continue
    const tenant = dice.pick(tenants)
    const start = { caller: dice.pick(tenant.callers), atMs }
    const played = tenant.work === 'code' ? playCodeSession(start, dice) : playAppCall(start, dice)
    calls.push(...played.filter((call) => call.atMs + call.durationMs <= nowMs))
  }
  return calls.sort((a, b) => a.atMs - b.atMs).slice(-wanted)
}

/** Every story once, by the developers in turn. */
function tellStories(tenants: readonly DemoTenant[], { dice, nowMs }: { dice: Dice; nowMs: number }): DemoCall[] {
  const developers = tenants.filter(({ work }) => work === 'code').flatMap(({ callers }) => callers)
  return stories.flatMap(({ beforeMinutes, play }, index) => {
    const caller = developers[index % developers.length]
    return caller ? play({ caller, atMs: nowMs - beforeMinutes * minuteMs }, dice) : []
  })
}

function busyness(at: Date): number {
  const hour = at.getUTCHours()
  const isWeekend = at.getUTCDay() % 6 === 0
  const byHour = hour < 6 ? 0.08 : hour < 9 ? 0.5 : hour < 18 ? 1 : 0.4
  return byHour * (isWeekend ? 0.6 : 1)
}

function record(recorder: Recorder, call: DemoCall): void {
  const { caller, atMs, pieces, durationMs } = call
  clock.nowMs = atMs
  const recording = recorder.record({
    requestId: newId(atMs),
    receivedAtMs: atMs,
    caller: {
      domainId: caller.domainId,
      domain: caller.domain,
      clientKeyId: caller.clientKeyId,
      mode: 'account',
      capture: 'full',
    },
    domain: caller.domain,
    method: 'POST',
    target: call.target,
    requestHeaders: call.requestHeaders,
    body: call.body,
  })
  for (const { offsetMs, bytes } of pieces) {
    clock.nowMs = atMs + offsetMs
    recording.chunk(bytes)
  }
  clock.nowMs = atMs + durationMs
  recording.end({
    outcome: call.outcome,
    status: call.status,
    accountId: caller.accountId,
    ownErrorType: call.ownErrorType,
    firstByteMs: call.firstByteMs,
    durationMs,
    forwardedHeaders: call.requestHeaders,
    responseHeaders: call.responseHeaders,
    attempts: [
      {
        accountId: caller.accountId,
        startedAtMs: atMs + 2,
        durationMs: durationMs - 2,
        status: call.status,
        error: null,
        reason: 'only account of the domain',
      },
    ],
  })
}

await withInstallation(main)
