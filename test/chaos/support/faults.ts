/** Everything that may go wrong, as data: how to bring it about and how to end it. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Role } from '../../../src/demo/processes.js'
import { serverNames, type ServerName } from '../../../stack/settings.js'
import { until } from '../../support/eventually.js'
import type { Slowness, TcpLine } from '../../support/tcp-line.js'
import { lyingClock } from './lying-clock.js'
import { readWatermark } from './observe.js'
import { catchAt, killAt, schedulerSteps, workerSteps, type Step } from './steps.js'
import { requestSeconds, type System } from './system.js'

export interface Scene {
  readonly system: System
  /** How long a fault lasts that has no length of its own, in milliseconds. */
  readonly lastsMs: number
}

export interface Fault {
  /** A sentence. */
  readonly name: string
  /** Resolves when it is over. */
  readonly strike: (scene: Scene) => Promise<void>
  /** For so long after that it may still hold what it has hit, in milliseconds: connections that nothing closes. */
  readonly lingersMs?: number
}

const titles: Record<ServerName, string> = {
  elasticsearch: 'Elasticsearch',
  cassandra: 'Cassandra',
  redis: 'Redis',
}

/** What the others are compared with. */
export const nothing: Fault = {
  name: 'nothing',
  strike: ({ lastsMs }) => sleep(lastsMs),
}

interface Harm {
  /** Goes on with the name of a store. */
  readonly what: string
  readonly harm: (line: TcpLine) => unknown
  /** How often it has to be done again, in milliseconds. */
  readonly everyMs?: number
  /** Connections that were there lead nowhere for ever, until whoever waits for an answer gives them up. */
  readonly lingers?: boolean
}

/** So long an answer is waited for, in milliseconds; of Redis by a worker, see src/adapters/bullmq/connection.ts. */
const patience: Record<ServerName, number> = {
  elasticsearch: requestSeconds * 1_000,
  cassandra: requestSeconds * 1_000,
  redis: 13_000,
}

const slow = (slowness: Slowness) => (line: TcpLine) => line.slow(slowness)

export const harms = {
  slow: { what: 'every packet takes 200 to 400 ms to and from', harm: slow({ latencyMs: 200, jitterMs: 200 }) },
  narrow: { what: 'a line of 20 kB/s leads to', harm: slow({ bytesPerSecond: 20_000 }) },
  cut: { what: 'there is no way to', harm: (line) => line.cut() },
  reset: { what: 'connections are reset twice a second to', harm: (line) => line.reset(), everyMs: 500 },
  silent: {
    what: 'connections stay open and nothing passes to or from',
    harm: (line) => line.silence('requests', 'answers'),
    lingers: true,
  },
  unanswered: {
    what: 'requests arrive and no answer comes back from',
    harm: (line) => line.silence('answers'),
    lingers: true,
  },
} as const satisfies Record<string, Harm>

/** On the lines of every process to these stores, until they are mended. */
export const onLines = ({ what, harm, everyMs, lingers }: Harm, ...stores: readonly ServerName[]): Fault => ({
  name: `${what} ${stores.map((store) => titles[store]).join(', ')}`,
  strike: async ({ system, lastsMs }) => {
    const lines = system.members().flatMap((member) => stores.map((store) => member.lines[store]))
    const end = performance.now() + lastsMs
    do {
      await Promise.all(lines.map((line) => harm(line)))
      await sleep(Math.min(everyMs ?? lastsMs, Math.max(0, end - performance.now())))
    } while (performance.now() < end)
    await Promise.all(lines.map((line) => line.mend()))
  },
  ...(lingers === true ? { lingersMs: Math.max(...stores.map((store) => patience[store])) } : {}),
})

/** It stays away for a while and starts again. `kill` is a crash, `stop` lets it end in order. */
export const serverEnds = (store: ServerName, how: 'kill' | 'stop'): Fault => ({
  name: `${titles[store]} is ${how === 'kill' ? 'killed' : 'stopped'} and started again`,
  strike: async ({ system, lastsMs }) => {
    await system.end(store, how)
    await sleep(lastsMs)
    await system.revive()
  },
})

const onRedis = async (url: string, work: (client: Redis) => Promise<unknown>): Promise<void> => {
  const client = new Redis(url, { maxRetriesPerRequest: 2 })
  try {
    await work(client)
  } finally {
    client.disconnect()
  }
}

export const flushAll: Fault = {
  name: 'Redis loses everything (FLUSHALL)',
  strike: async ({ system, lastsMs }) => {
    await onRedis(system.redisUrl, (client) => client.flushall())
    await sleep(lastsMs)
  },
}

const blockIndex = (name: string, block: 'write' | 'read_only_allow_delete'): Fault => ({
  name,
  strike: async ({ system, lastsMs }) => {
    const { pair } = system
    const put = (value: boolean | null) =>
      pair.elasticsearch.indices.putSettings({ index: pair.name, settings: { [`index.blocks.${block}`]: value } })
    await put(true)
    await sleep(lastsMs)
    await put(null)
  },
})

export const writeBlock = blockIndex('the index takes no writes', 'write')
/** What Elasticsearch does by itself when a disk is nearly full. */
export const fullDisk = blockIndex('the disk of Elasticsearch is full', 'read_only_allow_delete')

/** The largest keyword that Elasticsearch takes has 32,766 bytes; Cassandra takes a larger text. */
export const refusedRecord: Fault = {
  name: 'a client of Cassandra writes what Elasticsearch refuses',
  strike: async ({ system, lastsMs }) => {
    const version = Math.floor(Date.now() / 1_000)
    await system.pair.batch(randomUUID(), version, { a: 'x'.repeat(40_000), b: null, c: null })
    await sleep(lastsMs)
  },
}

/** A supervisor starts another process in the place of one that has ended. */
const killedAt =
  (role: Role) =>
  (step: Step): Fault => ({
    name: `a ${role} is killed when it ${step.name}`,
    strike: async ({ system }) => {
      await killAt(system, role, step)
      await system.start(role)
    },
  })

export const killedWorkers: readonly Fault[] = workerSteps.map(killedAt('worker'))
export const killedSchedulers: readonly Fault[] = schedulerSteps.map(killedAt('scheduler'))

/** All of that in one go. */
export const killedAtEveryStep = (role: Role, steps: readonly Step[]): Fault => ({
  name: `${role}s are killed at every step`,
  strike: async ({ system }) => {
    const started: Promise<unknown>[] = []
    for (const step of steps) {
      await killAt(system, role, step)
      started.push(system.start(role))
      // One is always left to be caught at the next step.
      if (system.members(role).length === 1) await Promise.all(started)
    }
    await Promise.all(started)
  },
})

const allOf = (role: Role): Fault => ({
  name: `all ${role}s are killed at once and started again`,
  strike: async ({ system, lastsMs }) => {
    const victims = system.members(role)
    for (const { process } of victims) process.kill('SIGKILL')
    await sleep(lastsMs)
    await Promise.all(victims.map(() => system.start(role)))
  },
})

const stepNamed = (name: string): Step => workerSteps.find((step) => step.name === name)!

const drained: Fault = {
  name: 'a worker is told to stop in the middle of a window',
  strike: async ({ system }) => {
    const { member, caught } = await catchAt(system, 'worker', stepNamed('reads the rows'))
    member.process.kill('SIGTERM')
    caught.release()
    await member.process.ended
    await system.start('worker')
  },
}

/** What it sent last arrives only when others have done its work, and then it wakes up. */
export const sleeper: Fault = {
  name: 'a worker stands still beyond its lock, with rows on their way, and goes on',
  strike: async ({ system }) => {
    const { member, caught } = await catchAt(system, 'worker', stepNamed('is about to write rows'))
    member.process.kill('SIGSTOP')
    const stopped = Date.now() / 1_000
    await until('others have done its window', async () => (await readWatermark(system)) > stopped, 120_000)
    caught.release()
    member.process.kill('SIGCONT')
  },
}

/** The furthest ahead and behind that fits the default overlap, together with clients that are a second off. */
const lies = [
  ['worker', 3_000],
  ['worker', -3_000],
  ['scheduler', 1_000],
] as const

/** Their clocks are wrong from the start, then jump, and the processes end as they should. */
export const lyingClocks: Fault = {
  name: 'processes join whose clocks are up to 3 s off, and are set right in the middle',
  strike: async ({ system, lastsMs }) => {
    const liars = await Promise.all(lies.map(([role, ahead]) => system.start(role, lyingClock(ahead))))
    await sleep(lastsMs)
    for (const { process } of liars) process.kill('SIGUSR2')
    await sleep(lastsMs / 2)
    for (const { process } of liars) process.kill('SIGTERM')
    await Promise.all(liars.map(({ process }) => process.ended))
  },
}

export const faults: readonly Fault[] = [
  nothing,
  ...serverNames.flatMap((store) => [
    ...Object.values(harms).map((harm) => onLines(harm, store)),
    serverEnds(store, 'kill'),
    serverEnds(store, 'stop'),
  ]),
  flushAll,
  writeBlock,
  fullDisk,
  refusedRecord,
  ...killedWorkers,
  ...killedSchedulers,
  allOf('worker'),
  allOf('scheduler'),
  drained,
  sleeper,
  lyingClocks,
]
