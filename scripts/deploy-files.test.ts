import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { environmentSchema } from '@/lib/env'

const read = (name: string) => readFileSync(`deploy/${name}`, 'utf8')

test('compose knows no secret by default: each must be given', () => {
  const used = [...read('compose.yaml').matchAll(/\$\{(\w+)([^}]*)\}/g)]
  const secrets = used.filter(([, name]) => /PASSWORD|SECRET|KEY/.test(name ?? ''))
  expect(new Set(secrets.map(([, name]) => name))).toEqual(
    new Set(['POSTGRES_PASSWORD', 'ENCRYPTION_KEY', 'NEXTAUTH_SECRET']),
  )
  for (const [, , condition] of secrets) expect(condition).toMatch(/^:\?/)
})

test('the image runs without root, checks its health and leaves by signal', () => {
  const [, final = ''] = read('Dockerfile').split(/^FROM node:20-slim$/m)
  expect(final).toMatch(/^USER node$/m)
  expect(final).toMatch(/^HEALTHCHECK /m)
  expect(final).toMatch(/^CMD \["node", "--enable-source-maps", "dist\/server.mjs"\]$/m)
})

test('no example holds a secret', () => {
  const examples = ['Dockerfile', 'compose.yaml', 'kubernetes/nexus-proxy.yaml', 'systemd/nexus-proxy.service']
  for (const name of examples)
    expect(read(name)).not.toMatch(/sk-ant-|cnp_live_|(PASSWORD|SECRET|KEY)[=:] *['"]?[\w-]{6,}/)
})

interface Container {
  readonly env: readonly { readonly name: string; readonly value: string }[]
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[]
  readonly readinessProbe: { readonly httpGet: { readonly path: string; readonly port: string } }
  readonly livenessProbe: { readonly httpGet: { readonly path: string } }
  readonly securityContext: Readonly<Record<string, unknown>>
  readonly volumeMounts: readonly { readonly name: string }[]
}

/** As far as the test looks. */
interface Resource {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly data?: Readonly<Record<string, unknown>>
  readonly spec?: {
    readonly selector?: Readonly<Record<string, unknown>> & { readonly matchLabels?: Readonly<Record<string, string>> }
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> }
      readonly spec: {
        readonly terminationGracePeriodSeconds?: number
        readonly securityContext: Readonly<Record<string, unknown>>
        readonly containers: readonly Container[]
        readonly volumes: readonly { readonly name: string }[]
      }
    }
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[]
    readonly rules?: readonly { readonly http: { readonly paths: readonly { readonly backend: Backend }[] } }[]
  }
}
interface Backend {
  readonly service: { readonly name: string; readonly port: { readonly name: string } }
}

describe('the example for Kubernetes', () => {
  const documents = parseAllDocuments(read('kubernetes/nexus-proxy.yaml'), { uniqueKeys: true })
  const resources = documents.map((document) => document.toJS() as Resource)
  const workloads = resources.filter(({ spec }) => spec?.template)
  const ofKind = (kind: string) => resources.filter((resource) => resource.kind === kind)
  const isPartOf = (labels: object, all: object) =>
    Object.entries(labels).every(([name, value]) => (all as Record<string, unknown>)[name] === value)

  test('is YAML without a mistake, each document a resource of a stable version', () => {
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([])
    expect(resources.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`)).toEqual([
      ...[
        'v1 ConfigMap',
        'apps/v1 StatefulSet',
        'apps/v1 Deployment',
        'apps/v1 Deployment',
        'v1 Service',
        'v1 Service',
      ],
      ...['policy/v1 PodDisruptionBudget', 'networking.k8s.io/v1 Ingress'],
    ])
  })

  test('sets only what the program reads, and as text', () => {
    const set = [
      ...Object.entries(ofKind('ConfigMap')[0]?.data ?? {}),
      ...workloads.flatMap(({ spec }) =>
        spec?.template?.spec.containers[0]?.env.map(({ name, value }) => [name, value]),
      ),
    ] as [string, unknown][]
    expect(set.length).toBeGreaterThan(5)
    expect(set.filter(([name, value]) => !(name in environmentSchema.shape) || typeof value !== 'string')).toEqual([])
  })

  test('runs every role once, watched, without root and with a file system that is only read', () => {
    const roles = workloads.map(({ spec }) => {
      const { containers, securityContext, volumes } = spec?.template?.spec ?? { containers: [], volumes: [] }
      const [container] = containers as readonly [Container]
      expect(securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } })
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      })
      expect(container.readinessProbe.httpGet).toEqual({ path: '/health/ready', port: 'http' })
      expect(container.livenessProbe.httpGet.path).toBe('/health/live')
      const claimed = spec?.volumeClaimTemplates?.map(({ metadata }) => metadata.name) ?? []
      const mounted = container.volumeMounts.map(({ name }) => name)
      expect([...claimed, ...volumes.map(({ name }) => name)].sort()).toEqual([...mounted].sort())
      return container.env.find(({ name }) => name === 'ROLE')?.value
    })
    expect(roles).toEqual(['proxy', 'web', 'worker'])
  })

  test('lets streams end before a pod is killed', () => {
    const { DRAIN_DELAY_MS, DRAIN_TIMEOUT_MS } = ofKind('ConfigMap')[0]?.data ?? {}
    const proxy = ofKind('StatefulSet')[0]?.spec?.template?.spec
    const neededSeconds = (Number(DRAIN_DELAY_MS) + Number(DRAIN_TIMEOUT_MS)) / 1000
    expect(proxy?.terminationGracePeriodSeconds).toBeGreaterThan(neededSeconds)
  })

  test('leads to pods that there are', () => {
    const podLabels = workloads.map(({ spec }) => spec?.template?.metadata.labels ?? {})
    for (const { spec } of [...ofKind('Service'), ...ofKind('PodDisruptionBudget'), ...workloads]) {
      const wanted = spec?.selector?.matchLabels ?? spec?.selector ?? {}
      expect(podLabels.filter((labels) => isPartOf(wanted, labels))).toHaveLength(1)
    }
    const services = ofKind('Service').map(({ metadata }) => metadata.name)
    const backends = ofKind('Ingress')[0]?.spec?.rules?.[0]?.http.paths.map(({ backend }) => backend.service) ?? []
    expect(backends.length).toBe(4)
    expect(backends.filter(({ name, port }) => !services.includes(name) || port.name !== 'http')).toEqual([])
  })
})

const analyzer = spawnSync('systemd-analyze', ['--version']).error ? [] : ['systemd-analyze']

test.each([...analyzer, 'the eye'])('the unit for systemd is accepted by %s', (judge) => {
  const unit = path.resolve('deploy/systemd/nexus-proxy.service')
  if (judge === 'the eye') {
    const lines = readFileSync(unit, 'utf8').split('\n')
    expect(lines.filter((line) => line && !/^(#.*|\[(Unit|Service|Install)\]|[A-Z]\w+=.*)$/.test(line))).toEqual([])
    return
  }
  const { stdout, stderr, status } = spawnSync(judge, ['verify', '--man=no', unit], { encoding: 'utf8' })
  // It looks at the machine's own units too. Where node is installed elsewhere, that is all there is to say.
  const said = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('nexus-proxy'))
  const isElsewhere = (line: string) => line.includes('/node is not executable')
  expect(said.filter((line) => !isElsewhere(line))).toEqual([])
  expect(status === 0 || said.some(isElsewhere)).toBe(true)
})
