import { join } from 'node:path'
import { CaesError } from '../src/core/errors.js'
import { commitLogOptions } from './cassandra-config.js'
import { projectRoot } from './folder.js'
import { isPortBusy, portTaken } from './ports.js'
import { probesFor } from './probe.js'
import { runProgram } from './program.js'
import { lastLines, say, seconds } from './progress.js'
import { portVariables, type ServerName, serverNames, type StackSettings } from './settings.js'
import type { Stack } from './stack.js'
import { type ServerStatus, versionAt } from './status.js'

const composeFile = join(projectRoot, 'docker-compose.yml')

/** True when a Docker engine answers and `docker compose` is there. */
export async function isDockerReachable(): Promise<boolean> {
  const [engine, compose] = await Promise.all([
    runProgram('docker', ['info', '--format', '{{.ServerVersion}}'], { timeoutMs: 10_000 }),
    runProgram('docker', ['compose', 'version'], { timeoutMs: 10_000 }),
  ])
  return engine.code === 0 && compose.code === 0
}

export interface ComposeService {
  readonly state: string
  readonly ports: readonly number[]
}

/** Reads `docker compose ps --format json`: older clients print one array, newer ones one object a line. */
export function parseComposePs(text: string): ReadonlyMap<string, ComposeService> {
  const trimmed = text.trim()
  const rows = (
    trimmed.startsWith('[')
      ? JSON.parse(trimmed)
      : trimmed.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []))
  ) as { Service: string; State: string; Publishers?: { PublishedPort: number }[] | null }[]
  return new Map(
    rows.map(({ Service, State, Publishers }) => [
      Service,
      { state: State, ports: (Publishers ?? []).map(({ PublishedPort }) => PublishedPort).filter((port) => port > 0) },
    ]),
  )
}

/** The three stores of docker-compose.yml as a compose project of its own, apart from one that a user runs by hand. */
export function dockerStack(settings: StackSettings, project: string): Stack {
  const env = composeEnvironment(settings)
  const probes = probesFor()
  const compose = (args: readonly string[], signal?: AbortSignal) =>
    runProgram('docker', ['compose', '-p', project, '-f', composeFile, ...args], {
      env,
      ...(signal === undefined ? {} : { signal }),
    })
  const running = async () => parseComposePs((await compose(['ps', '--format', 'json'])).stdout)
  const portOf = (name: ServerName) => settings.ports[name].port

  return {
    async start(signal) {
      const before = await running()
      for (const name of serverNames) {
        const ours = before.get(name)?.ports.includes(portOf(name)) === true
        if (!ours && (await isPortBusy(portOf(name)))) throw portTaken(name, portOf(name), portVariables[name].variable)
      }
      const started = performance.now()
      say(`docker compose: starting ${serverNames.join(', ')} (the first time also downloads their images)`)
      const { code, output } = await compose(['up', '-d', '--wait', '--wait-timeout', '300', ...serverNames], signal)
      if (code !== 0) throw await failed(output, compose)
      say(`docker compose: all are ready after ${seconds(performance.now() - started)}`)
    },
    async stop({ wipe }) {
      const names = [...(await running()).keys()]
      const { code, output } = await compose(['down', '--remove-orphans', ...(wipe ? ['--volumes'] : [])])
      if (code !== 0) throw await failed(output, compose)
      return names.map((name) => `${name} (container)`)
    },
    async end(name, how) {
      const { code, output } = await compose(how === 'kill' ? ['kill', '-s', 'SIGKILL', name] : ['stop', name])
      if (code !== 0) throw await failed(output, compose)
    },
    async status() {
      const now = await running()
      return Promise.all(
        serverNames.map(async (name): Promise<ServerStatus> => {
          const port = now.get(name)?.ports[0] ?? portOf(name)
          const version = now.has(name) ? await versionAt(probes[name], port) : undefined
          const stopped = (await isPortBusy(port)) ? 'foreign' : 'down'
          const state = now.has(name) ? (version === undefined ? 'silent' : 'up') : stopped
          return { name, state, version, endpoint: endpointOf(name, port), pid: undefined }
        }),
      )
    },
  }
}

function endpointOf(name: ServerName, port: number): string {
  const scheme = { elasticsearch: 'http://', cassandra: '', redis: 'redis://' }[name]
  return `${scheme}127.0.0.1:${port}`
}

function composeEnvironment(settings: StackSettings): Record<string, string> {
  const { elasticsearchVersion, ports, syncEveryWrite } = settings
  return {
    ES_VERSION: elasticsearchVersion,
    CAES_ES_PORT: String(ports.elasticsearch.port),
    CAES_CASSANDRA_PORT: String(ports.cassandra.port),
    CAES_REDIS_PORT: String(ports.redis.port),
    CAES_CASSANDRA_JVM_OPTIONS: commitLogOptions(syncEveryWrite).join(' '),
  }
}

async function failed(
  output: string,
  compose: (args: readonly string[]) => Promise<{ output: string }>,
): Promise<CaesError> {
  for (const line of lastLines(output, 12)) say(`  | ${line}`)
  const logs = await compose(['logs', '--no-color', '--tail', '10'])
  for (const line of lastLines(logs.output, 30)) say(`  | ${line}`)
  return new CaesError('CAES_STACK', 'docker compose failed', {
    where: composeFile,
    hint: 'see the lines above, or set CAES_STACK_ENGINE=native to run the servers without Docker',
  })
}
