import type { ExchangeBegin, ProxyPorts, Recording } from './ports'

/** Opens a record whose faults are reported and never felt: the observer must not disturb the stream. */
export function openRecording(ports: ProxyPorts, begin: ExchangeBegin): Recording {
  const quietly = <T>(run: () => T): T | undefined => {
    try {
      return run()
    } catch (error) {
      ports.reportFault(error, begin.requestId)
      return undefined
    }
  }
  const recording = quietly(() => ports.record(begin))
  return {
    begun: recording
      ? recording.begun.catch((error: unknown) => ports.reportFault(error, begin.requestId))
      : Promise.resolve(),
    chunk: (bytes) => quietly(() => recording?.chunk(bytes)),
    end: (end) => quietly(() => recording?.end(end)),
  }
}
