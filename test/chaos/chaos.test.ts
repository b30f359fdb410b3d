/**
 * The whole system on servers of its own, while clients write to both sides: two schedulers and three workers all the
 * time, and one thing after the other goes wrong. Longer, and at random, by command: see docs/chaos.md.
 */
import { Queue } from 'bullmq'
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest'
import { rejectsQueue } from '../../src/adapters/bullmq/reject-job.js'
import type { FreshStack } from '../../stack/fresh-stack.js'
import { serverNames } from '../../stack/settings.js'
import { Random } from '../simulation/random.js'
import {
  flushAll,
  fullDisk,
  harms,
  killedAtEveryStep,
  lyingClocks,
  nothing,
  onLines,
  refusedRecord,
  serverEnds,
  sleeper,
  type Fault,
} from './support/faults.js'
import { schedulerSteps, workerSteps } from './support/steps.js'
import { openServers, openSystem, startAll, type System } from './support/system.js'
import { runTrial } from './support/trial.js'

/** Whatever else the machine does: a limit for what never happens, not a claim about speed. */
const timeout = 400_000

const random = new Random(20_150_325)
let servers: FreshStack
let system: System
beforeAll(async () => {
  servers = await openServers()
  system = await openSystem(servers, { intervalSeconds: 1, settleSeconds: 1 })
  await startAll(system)
}, timeout)
afterAll(async () => {
  await system?.close()
  await servers?.close()
}, timeout)

/**
 * Brings it about for about so long, then waits until both stores are equal and all windows are acknowledged.
 * @returns everything that is not as it has to be
 */
const whatRemainsOf = async (fault: Fault, lastsMs = 0): Promise<string[]> => {
  onTestFailed(() => void process.stderr.write(`chaos: the logs of all processes are in ${system.keepLogs()}\n`))
  const load = { random, records: 60, perSecond: 5, patienceMs: 180_000 }
  const { complaints, caughtUpAfterMs } = await runTrial(fault, { system, lastsMs }, load)
  return [
    ...complaints.map(({ kind, id, text }) => `${kind}: ${id}: ${text}`),
    ...(caughtUpAfterMs === undefined ? ['not all windows were acknowledged'] : []),
  ]
}

describe('no acknowledged write is lost, both stores become equal, and nobody has to help', { timeout }, () => {
  test('when nothing goes wrong', async () => {
    expect(await whatRemainsOf(nothing, 2_000)).toEqual([])
  })

  test('when workers are killed at every step of a window', async () => {
    expect(await whatRemainsOf(killedAtEveryStep('worker', workerSteps))).toEqual([])
  })

  test('when schedulers are killed at every step of a tick', async () => {
    expect(await whatRemainsOf(killedAtEveryStep('scheduler', schedulerSteps))).toEqual([])
  })

  test('when a worker stands still beyond its lock and goes on, with its writes arriving late', async () => {
    expect(await whatRemainsOf(sleeper)).toEqual([])
  })

  test('when processes have clocks that are seconds off, and jump', async () => {
    expect(await whatRemainsOf(lyingClocks, 3_000)).toEqual([])
  })

  test('when Redis loses everything', async () => {
    expect(await whatRemainsOf(flushAll, 2_000)).toEqual([])
  })

  test.each(serverNames)('when %s is killed and comes back', async (store) => {
    expect(await whatRemainsOf(serverEnds(store, 'kill'), 1_000)).toEqual([])
  })

  test.each(serverNames)('when connections to %s stay open and lead nowhere', async (store) => {
    expect(await whatRemainsOf(onLines(harms.silent, store), 4_000)).toEqual([])
  })

  test('when connections to all stores are reset again and again', async () => {
    expect(await whatRemainsOf(onLines(harms.reset, ...serverNames), 3_000)).toEqual([])
  })

  test('when all stores are slow to reach', async () => {
    expect(await whatRemainsOf(onLines(harms.slow, ...serverNames), 3_000)).toEqual([])
  })

  test('when a disk of Elasticsearch is full for a while', async () => {
    expect(await whatRemainsOf(fullDisk, 3_000)).toEqual([])
  })

  test('when one record is refused, which is set aside', async () => {
    expect(await whatRemainsOf(refusedRecord)).toEqual([])
    const queue = new Queue(rejectsQueue, { connection: { url: system.redisUrl }, prefix: system.pair.name })
    expect(await queue.getFailedCount()).toBe(1)
    await queue.close()
  })
})
