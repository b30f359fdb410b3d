import { CaesError } from '../src/core/errors.js'

export const serverNames = ['elasticsearch', 'cassandra', 'redis'] as const
export type ServerName = (typeof serverNames)[number]

/** The variable that moves each server to another port, its defaults, and its internal port where it has one. */
export const portVariables = {
  elasticsearch: { variable: 'CAES_ES_PORT', default: 9200, secure: 9243 },
  elasticsearchTransport: { variable: 'CAES_ES_TRANSPORT_PORT', default: 9300, secure: 9343 },
  cassandra: { variable: 'CAES_CASSANDRA_PORT', default: 9042, secure: 9142 },
  cassandraStorage: { variable: 'CAES_CASSANDRA_STORAGE_PORT', default: 7000, secure: 7001 },
  redis: { variable: 'CAES_REDIS_PORT', default: 6379, secure: 6380 },
} as const

export type PortName = keyof typeof portVariables

export const cassandraVersion = '5.0.8'
const defaultElasticsearchVersion = '9.5.0'

export type Environment = Readonly<Record<string, string | undefined>>

export interface WantedPort {
  readonly port: number
  /** True when the user named the port: then it is that port or an error, never another one. */
  readonly explicit: boolean
}

export type StackPorts = Readonly<Record<PortName, WantedPort>>

export interface StackSettings {
  readonly elasticsearchVersion: string
  readonly ports: StackPorts
  /** `docker` or `native` when the user insists, otherwise whichever is there. */
  readonly engine: 'docker' | 'native' | 'detect'
  /** CAES_STACK_DIR, if set. */
  readonly folder: string | undefined
  /** TLS, client certificates and logins on all three. */
  readonly secure: boolean
  /** Whether Cassandra acknowledges a write only when it is on disk, so that even a killed node has it. Slower. */
  readonly syncEveryWrite: boolean
}

/** Reads the stack's settings from the environment. Throws CAES_USAGE that names the variable with the bad value. */
export function readSettings(env: Environment, secure = false): StackSettings {
  return {
    elasticsearchVersion: readVersion(env),
    ports: readPorts(env, secure),
    engine: readEngine(env, secure),
    folder: textOf(env, 'CAES_STACK_DIR'),
    secure,
    syncEveryWrite: false,
  }
}

/** An empty variable counts as unset, as in shell scripts and compose files. */
function textOf(env: Environment, variable: string): string | undefined {
  return env[variable] === '' ? undefined : env[variable]
}

function readVersion(env: Environment): string {
  const version = textOf(env, 'ES_VERSION') ?? defaultElasticsearchVersion
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new CaesError('CAES_USAGE', `ES_VERSION is "${version}", which is not a version`, {
      hint: `set it to a full version such as ${defaultElasticsearchVersion} or 8.19.0`,
    })
  }
  return version
}

function readPorts(env: Environment, secure: boolean): StackPorts {
  const ports = Object.fromEntries(
    Object.entries(portVariables).map(([name, known]) => [
      name,
      readPort(env, known.variable, secure ? known.secure : known.default),
    ]),
  ) as StackPorts
  const seen = new Map<number, PortName>()
  for (const name of Object.keys(ports) as PortName[]) {
    const earlier = seen.get(ports[name].port)
    if (earlier !== undefined) {
      throw new CaesError(
        'CAES_USAGE',
        `${portVariables[earlier].variable} and ${portVariables[name].variable} are both ${ports[name].port}`,
        { hint: 'give each server a port of its own' },
      )
    }
    seen.set(ports[name].port, name)
  }
  return ports
}

function readPort(env: Environment, variable: string, byDefault: number): WantedPort {
  const text = textOf(env, variable)
  if (text === undefined) return { port: byDefault, explicit: false }
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) {
    throw new CaesError('CAES_USAGE', `${variable} is "${text}", which is not a port`, {
      hint: `set it to a number from 1 to 65535, or unset it for ${byDefault}`,
    })
  }
  return { port, explicit: true }
}

function readEngine(env: Environment, secure: boolean): StackSettings['engine'] {
  const engine = textOf(env, 'CAES_STACK_ENGINE') ?? 'detect'
  if (secure && engine === 'docker') {
    throw new CaesError('CAES_USAGE', 'CAES_STACK_ENGINE is docker, and the secure stack runs without it', {
      hint: 'unset it for --secure',
    })
  }
  if (secure && engine === 'detect') return 'native'
  if (engine === 'docker' || engine === 'native' || engine === 'detect') return engine
  throw new CaesError('CAES_USAGE', `CAES_STACK_ENGINE is "${engine}"`, {
    hint: 'set it to docker or native, or unset it to use Docker where an engine is reachable',
  })
}
