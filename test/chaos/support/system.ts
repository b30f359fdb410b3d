/**
 * The whole system on servers of its own: stores that may be killed, and processes of the service of which each has a
 * line of its own to each store.
 */
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRole, stopRoles, type Role, type RoleProcess } from '../../../src/demo/processes.js'
import { endpointsFrom } from '../../../src/demo/schema.js'
import { wipeQueues } from '../../../src/demo/watch.js'
import { openFreshStack, type FreshStack } from '../../../stack/fresh-stack.js'
import { chooseFolder, isRoot } from '../../../stack/folder.js'
import { readSettings, serverNames, type ServerName } from '../../../stack/settings.js'
import { configFile, distUrl } from '../../support/cli.js'
import { isAlive } from '../../support/is-alive.js'
import { openPair, type PairFixture } from '../../support/pair-fixture.js'
import { openLine, type TcpLine } from '../../support/tcp-line.js'
import { columns } from './history.js'

export type Lines = Readonly<Record<ServerName, TcpLine>>

/** One process of the service. */
export interface Member {
  readonly process: RoleProcess
  readonly lines: Lines
  isAlive(): boolean
}

export interface System {
  readonly pair: PairFixture
  readonly redisUrl: string
  /** Those that clients of the stores use. */
  readonly clientLines: Lines
  /** Living processes. */
  members(role?: Role): readonly Member[]
  start(role: Role, env?: Readonly<Record<string, string>>): Promise<Member>
  /** Ends a server; `revive` brings back what does not run, and resolves when it answers. */
  end(store: ServerName, how: 'kill' | 'stop'): Promise<void>
  revive(): Promise<void>
  /** How often the server was ended so far. */
  era(store: ServerName): number
  /** Copies the logs of all processes to where they outlive this system, and says where. */
  keepLogs(): string
  close(): Promise<void>
}

export interface SystemOptions {
  readonly intervalSeconds: number
  readonly settleSeconds: number
}

const drainMs = 20_000
/** Requests of the service give up after this: sooner than by default, so that silence is noticed, and late enough for a busy machine. */
export const requestSeconds = 8

/** Servers of our own, which keep what they acknowledged when they are killed. */
export const openServers = (): Promise<FreshStack> => {
  // Another user runs Elasticsearch from these folders: a strict umask would lock it out.
  if (isRoot()) process.umask(0o022)
  const settings = { ...readSettings(process.env), syncEveryWrite: true }
  return openFreshStack(settings, chooseFolder(settings.folder), new AbortController().signal)
}

/** Makes the pair; no process of the service runs yet. Closing it leaves the servers as they are. */
export const openSystem = async (
  servers: FreshStack,
  { intervalSeconds, settleSeconds }: SystemOptions,
): Promise<System> => {
  const endpoints = endpointsFrom(servers.environment)
  const pair = await openPair({
    endpoints,
    columns: columns.map((name) => `${name} text`).join(', '),
    mappings: {
      properties: {
        timestamp: { type: 'long' },
        ...Object.fromEntries(columns.map((name) => [name, { type: 'keyword' as const }])),
      },
    },
    settings: { number_of_shards: 1 },
    sync: { settle: settleSeconds },
    more: { interval: intervalSeconds, worker: { concurrency: 2 } },
  })
  const ports: Readonly<Record<ServerName, number>> = {
    elasticsearch: Number(new URL(endpoints.elasticsearch).port),
    cassandra: Number(endpoints.cassandra.split(':')[1]),
    redis: Number(new URL(endpoints.redis).port),
  }
  const eras = new Map<ServerName, number>()
  const members: Member[] = []
  const opened: TcpLine[] = []
  const openLines = async (): Promise<Lines> => {
    const lines = await Promise.all(serverNames.map((store) => openLine('127.0.0.1', ports[store])))
    opened.push(...lines)
    return Object.fromEntries(serverNames.map((store, index) => [store, lines[index]])) as unknown as Lines
  }
  const clientLines = await openLines()
  const file = configFile(pair.configText)

  /** Kept so that closing misses none that is still about to run. */
  const starting: Promise<Member>[] = []
  const start = async (role: Role, env: Readonly<Record<string, string>>): Promise<Member> => {
    const lines = await openLines()
    const path = join(file.folder, `lines-${lines.redis.port}.json`)
    writeFileSync(path, configThrough(lines, pair.configText))
    const process = await startRole(role, { configFile: path, folder: file.folder, base: distUrl, env })
    const member = { process, lines, isAlive: () => isAlive(process.pid) }
    members.push(member)
    return member
  }

  return {
    pair,
    redisUrl: endpoints.redis,
    clientLines,
    members: (role) => members.filter((each) => each.isAlive() && (role === undefined || each.process.role === role)),
    start: (role, env = {}) => {
      const started = start(role, env)
      starting.push(started)
      return started
    },
    end: async (store, how) => {
      eras.set(store, (eras.get(store) ?? 0) + 1)
      await servers.stack.end(store, how)
    },
    revive: () => servers.stack.start(new AbortController().signal),
    era: (store) => eras.get(store) ?? 0,
    keepLogs: () => {
      const kept = mkdtempSync(join(tmpdir(), 'caes-sync-chaos-'))
      cpSync(file.folder, kept, { recursive: true })
      return kept
    },
    close: async () => {
      await Promise.allSettled(starting)
      await stopRoles(
        members.map(({ process }) => process),
        drainMs,
      )
      await wipeQueues(endpoints.redis, pair.name)
      await pair.close()
      file.remove()
      for (const line of opened) await line.close()
    },
  }
}

/** No process is special: two schedulers and three workers, all at once. */
export const startAll = async (system: System): Promise<void> => {
  const roles = ['scheduler', 'scheduler', 'worker', 'worker', 'worker'] as const
  await Promise.all(roles.map((role) => system.start(role)))
}

/** The pair's configuration, with the lines in the place of the servers. */
const configThrough = ({ elasticsearch, cassandra, redis }: Lines, text: string): string => {
  const config = JSON.parse(text) as Record<string, Record<string, unknown>>
  return JSON.stringify({
    ...config,
    ElasticSearchConfig: {
      ...config['ElasticSearchConfig'],
      driver: { hosts: [`http://127.0.0.1:${elasticsearch.port}`], timeout: requestSeconds },
    },
    CassandraConfig: {
      ...config['CassandraConfig'],
      driver: { contact_points: ['127.0.0.1'], port: cassandra.port, request_timeout: requestSeconds },
    },
    redis: { ...config['redis'], url: `redis://127.0.0.1:${redis.port}` },
  })
}
