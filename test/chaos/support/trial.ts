/** One fault, while clients write to both sides, and how long both stores need to be equal afterwards. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { uuidOf } from '../../../src/demo/movies.js'
import type { Random } from '../../simulation/random.js'
import { until } from '../../support/eventually.js'
import { startClients } from './clients.js'
import type { Fault, Scene } from './faults.js'
import type { Attempt, Outcome } from './history.js'
import { judge, type Complaint } from './judge.js'
import { readStored, readWatermark, watchVersions } from './observe.js'

export interface Trial {
  readonly fault: string
  readonly attempts: Readonly<Record<Outcome, number>>
  /** From its beginning to its end. */
  readonly faultMs: number
  /** See Fault. */
  readonly lingersMs: number
  /** From the end of the fault, and of all writing, until both stores were equal; undefined when they never were. */
  readonly equalAfterMs: number | undefined
  /** The same until everything written was acknowledged in the checkpoint. */
  readonly caughtUpAfterMs: number | undefined
  readonly complaints: readonly Complaint[]
}

export interface TrialOptions {
  /** Decides what clients write. */
  readonly random: Random
  readonly records: number
  /** Writes of each of the four clients. */
  readonly perSecond: number
  /** How long the stores may need in the end before it counts as never. */
  readonly patienceMs: number
}

/** More than clocks differ. */
const skewSeconds = 5

export const runTrial = async (fault: Fault, scene: Scene, options: TrialOptions): Promise<Trial> => {
  const { system } = scene
  const { random, perSecond } = options
  const name = randomBytes(6).toString('hex')
  const ids = Array.from({ length: options.records }, (_, index) => uuidOf(`${name} ${index}`))
  const since = Math.floor(Date.now() / 1_000) - skewSeconds
  const place = {
    elasticsearch: system.clientLines.elasticsearch.port,
    cassandra: system.clientLines.cassandra.port,
    name: system.pair.name,
  }
  const clients = await startClients(place, { ids, random, perSecond })
  const { attempts } = clients
  const watching = watchVersions(system, ids, attempts)
  let began: number
  let ended: number
  try {
    await until('clients write', () => count(attempts).acknowledged >= 20, options.patienceMs)
    began = performance.now()
    await fault.strike(scene)
    ended = performance.now()
  } finally {
    await clients.stop()
  }
  const newest = Math.max(...attempts.map(({ version }) => version))
  const look = async (): Promise<Complaint[]> =>
    judge(attempts, await readStored(system, ids, since), watching.sightings)
  const deadline = performance.now() + options.patienceMs
  const when = async (check: () => Promise<boolean>): Promise<number | undefined> => {
    for (;;) {
      try {
        if (await check()) return performance.now() - ended
        if (performance.now() > deadline) return undefined
      } catch (error) {
        // Clients of a store that is just back need a moment as well.
        if (performance.now() > deadline) throw error
      }
      await sleep(200)
    }
  }
  const [equalAfterMs, caughtUpAfterMs] = await Promise.all([
    when(async () => (await look()).every(({ kind }) => kind === 'went back')),
    when(async () => (await readWatermark(system)) > newest),
  ])
  await watching.stop()
  return {
    fault: fault.name,
    attempts: count(attempts),
    faultMs: ended - began,
    lingersMs: fault.lingersMs ?? 0,
    equalAfterMs,
    caughtUpAfterMs,
    complaints: await look(),
  }
}

const count = (attempts: readonly Attempt[]): Record<Outcome, number> => {
  const counts = { acknowledged: 0, refused: 0, unknown: 0 }
  for (const { outcome } of attempts) counts[outcome] += 1
  return counts
}
