import { newId } from '@/lib/ids'
import type { Recorder } from '@/lib/recorder/recorder'
import type { BenchTurn } from './bench-conversation'

const domainId = '0192a1b2-0000-7000-8000-00000000000a'
const clientKeyId = '0192a1b2-0000-7000-8000-00000000000b'
/** A stream of a minute is played in no time; its clock is not. */
const eventMs = 16

/** A clock for the recorder in which every event of a stream comes a moment after the one before. */
export function makeBenchClock() {
  let nowMs = 0
  return { now: Date.now, monotonic: () => (nowMs += eventMs) }
}

/** Records one turn as the proxy would, and answers its request id. */
export function playTurn(recorder: Recorder, turn: BenchTurn): string {
  const requestId = newId()
  const accountId = 'acc_0123456789abcdef'
  const recording = recorder.record({
    requestId,
    receivedAtMs: Date.now(),
    caller: { domainId, domain: 'team-a.example.com', clientKeyId, mode: 'account', capture: 'full' },
    domain: 'team-a.example.com',
    method: 'POST',
    target: '/v1/messages?beta=true',
    requestHeaders: turn.requestHeaders,
    body: turn.requestBody,
  })
  for (const chunk of turn.responseChunks) recording.chunk(chunk)
  const forwarded = turn.requestHeaders.filter(([name]) => name !== 'Host' && name !== 'Connection')
  recording.end({
    outcome: 'completed',
    status: 200,
    accountId,
    ownErrorType: null,
    firstByteMs: 812,
    durationMs: 5_400,
    forwardedHeaders: [...forwarded, ['x-api-key', 'removed']],
    responseHeaders: turn.responseHeaders,
    attempts: [
      { accountId, startedAtMs: Date.now(), durationMs: 5_398, status: 200, error: null, reason: 'only account' },
    ],
  })
  return requestId
}
