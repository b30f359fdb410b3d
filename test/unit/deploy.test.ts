/** What deploy/ and the compose file ask of the program has to be what the program offers. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { createHealth } from '../../src/http/health.js'
import { createMetrics } from '../../src/http/metrics.js'
import { endpointsFrom } from '../../src/demo/schema.js'
import { openAccess } from '../support/open-access.js'
import { monitorRoutes } from '../../src/http/monitor.js'
import { commandFault } from '../support/command-line.js'
import { FakeClock } from '../support/fake-clock.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string): string => readFileSync(`${root}/${path}`, 'utf8')
const documents = (path: string): object[] => loadAll(read(path)) as object[]

interface Container {
  readonly args: readonly string[]
  readonly livenessProbe: Probe
  readonly readinessProbe: Probe
}
interface Service {
  readonly command?: string[]
  readonly profiles?: string[]
  readonly build?: { readonly target: string }
  readonly ports?: string[]
  readonly environment?: Readonly<Record<string, string>>
}
interface Probe {
  readonly httpGet: { readonly path: string }
}
interface Deployment {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly Container[] } } }
}

const manifests = readdirSync(`${root}/deploy/kubernetes`).map((name) => `deploy/kubernetes/${name}`)
const deployments = manifests
  .flatMap(documents)
  .filter((each): each is Deployment => (each as Deployment).kind === 'Deployment')
const composed = Object.entries(
  (documents('docker-compose.yml')[0] as { services: Record<string, Service> }).services,
).filter(([, { command }]) => command?.[0] === 'run')
const demo = (documents('docker-compose.yml')[0] as { services: Record<string, Service> }).services['demo']!
const dockerfile = read('Dockerfile')
const unit = read('deploy/systemd/caes-sync@.service')
const started = /ExecStart=\S+ \S+main\.js (.+)/.exec(unit)?.[1]?.split(' ') ?? []

it('the check itself finds a flag and a role that are not there', () => {
  expect(commandFault(['run', '--rôle', 'worker'])).toBeDefined()
  expect(commandFault(['run', '--role', 'leader'])).toBeDefined()
})

it('every role is deployed, by Kubernetes and by compose', () => {
  const roles = ['dashboard', 'scheduler', 'worker']
  expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual(roles.map((role) => `caes-sync-${role}`))
  expect(composed.map(([name]) => name).sort()).toEqual(roles)
})

describe.each([
  ...deployments.map(({ metadata, spec }) => [metadata.name, spec.template.spec.containers[0]!.args] as const),
  ...composed.map(([name, { command }]) => [`compose ${name}`, command!] as const),
  ...['scheduler', 'worker', 'dashboard'].map(
    (role) => [`systemd ${role}`, started.map((each) => each.replace('%i', role))] as const,
  ),
])('%s', (_, args) => {
  it('starts the program in a way that it understands', () => {
    expect(args[0]).toBe('run')
    expect(commandFault(args)).toBeUndefined()
  })
})

describe('the demo of the compose file', () => {
  it('is started in a way that the program understands, on stores that it asks for', () => {
    expect(commandFault(demo.command!)).toBeUndefined()
    expect(endpointsFrom(demo.environment!)).toEqual({
      elasticsearch: 'http://elasticsearch:9200',
      cassandra: 'cassandra:9042',
      redis: 'redis://redis:6379',
    })
  })

  it('is open to this machine alone, since it asks for no login', () => {
    expect(demo.command).toContain('--insecure')
    for (const port of demo.ports!) expect(port).toMatch(/^127\.0\.0\.1:/)
  })

  it('is built from a stage that has what development brings, and starts only when it is asked for', () => {
    expect(demo.profiles).toEqual(['demo'])
    expect(dockerfile).toContain(`FROM built AS ${demo.build!.target}\n`)
    // The stage that is thinned out comes after it, and the last one copies from there.
    expect(dockerfile.indexOf('npm prune')).toBeGreaterThan(dockerfile.indexOf('AS demo'))
    expect(dockerfile).toContain('COPY --from=build /app/node_modules node_modules')
  })
})

it('the image is built from everything that is compiled', () => {
  const { include } = JSON.parse(read('tsconfig.json')) as { include: string[] }
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) => files!.split(' '))
  expect(include.filter((each) => !copied.includes(each))).toEqual([])
})

it('probes ask for pages that every process serves', async () => {
  const pages = monitorRoutes(createHealth(), createMetrics(new FakeClock(0), 'test'), openAccess)
  const paths = deployments.flatMap(({ spec }) =>
    spec.template.spec.containers.flatMap(({ livenessProbe, readinessProbe }) => [
      livenessProbe.httpGet.path,
      readinessProbe.httpGet.path,
    ]),
  )
  expect(new Set(paths)).toEqual(new Set(['/healthz', '/readyz']))
  for (const path of paths) expect((await pages.request(path)).status).toBe(200)
})

it('the scaler asks for a metric that exists', async () => {
  const metrics = createMetrics(new FakeClock(0), 'test')
  const exposed = await metrics.text()
  const names = [...read('deploy/kubernetes/keda.yaml').matchAll(/query: .*?(caes_sync_\w+)/g)].map(([, name]) => name)
  expect(names).toHaveLength(1)
  for (const name of names) expect(exposed).toContain(`# TYPE ${name} `)
})
