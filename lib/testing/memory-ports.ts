import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { newId } from '@/lib/ids'
import { clock } from '@/lib/ops/clock'
import { forward } from '@/lib/ops/forward'
import { serveExchange } from '@/lib/ops/node-door'
import type {
  Caller,
  ChosenAccount,
  ExchangeBegin,
  ExchangeEnd,
  ProxyPorts,
  ProxySettings,
  Wanted,
} from '@/lib/proxy/ports'

export const aCaller: Caller = {
  domainId: '00000000-0000-7000-8000-000000000001',
  domain: 'team-a.example.com',
  clientKeyId: '00000000-0000-7000-8000-000000000002',
  mode: 'account',
  capture: 'full',
}

/** A record kept in memory: what the core said, in order. */
interface MemoryRecord {
  readonly begin: ExchangeBegin
  readonly chunks: Uint8Array[]
  end: ExchangeEnd | null
}

interface MemoryWorld {
  readonly ports: ProxyPorts
  readonly records: MemoryRecord[]
}

/** Ports of a small world: one caller, the accounts given (tried in order), records in memory, a real network. */
export function memoryWorld(options: {
  accounts: ChosenAccount[]
  settings?: Partial<ProxySettings>
  ports?: Partial<ProxyPorts>
}): MemoryWorld {
  const records: MemoryRecord[] = []
  const ports: ProxyPorts = {
    settings: {
      maxRequestBytes: 1_000_000,
      upstreamTimeoutMs: 5_000,
      stallTimeoutMs: 5_000,
      corsOrigins: [],
      ...options.settings,
    },
    clock,
    ending: new AbortController().signal,
    newRequestId: newId,
    admit: () => null,
    authenticate: async (presented) =>
      presented.kind === 'client_key' && presented.value === 'cnp_test_right' ? aCaller : null,
    openBodyShare: () => ({ reserve: async () => true, fill: async () => true, release: () => undefined }),
    checkLimits: () => ({ release: () => undefined }),
    chooseAccount: async (wanted: Wanted) =>
      options.accounts[wanted.attempts.length] ?? { noAccount: true, retryAfterSeconds: null, reason: 'none left' },
    reportAttempt: () => undefined,
    forward,
    record: (begin) => {
      const record: MemoryRecord = { begin, chunks: [], end: null }
      records.push(record)
      return {
        begun: Promise.resolve(),
        chunk: (bytes) => void record.chunks.push(bytes),
        end: (end) => (record.end = end),
      }
    },
    reportFault: (error) => {
      throw error
    },
    ...options.ports,
  }
  return { ports, records }
}

/** A listening server on port 0 that closes itself when the `using` block ends. */
export async function listen(listener: RequestListener): Promise<{ url: string; server: Server } & AsyncDisposable> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    server,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The fast door in front of a world. */
export function listenProxy(world: MemoryWorld) {
  return listen((message, response) => void serveExchange(message, response, world.ports))
}

export function anAccount(baseUrl: string, accountId = 'acc_one'): ChosenAccount {
  return {
    accountId,
    baseUrl,
    credential: ['x-api-key', 'sk-ant-api03-of-the-account'],
    kind: 'api_key',
    reason: 'the only account',
  }
}
