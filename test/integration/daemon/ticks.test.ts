import { Queue } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ticksQueue } from '../../../src/adapters/bullmq/window-job.js'
import { until } from '../../support/eventually.js'
import { daemonFixture, quietResult, type DaemonFixture } from '../../support/daemon/fixture.js'

let daemon: DaemonFixture
let ticks: Queue
beforeEach(async () => {
  daemon = await daemonFixture()
  ticks = new Queue(ticksQueue, { connection: daemon.client, prefix: daemon.redis.prefix })
})
afterEach(async () => {
  await ticks.close()
  await daemon.close()
})

const key = (name: string): string => `${daemon.redis.prefix}:${ticksQueue}:${name}`
const removeJobs = async (): Promise<void> => {
  await daemon.client.del(key('delayed'), key('wait'), key('prioritized'))
}
/** After the last multiple of the interval; undefined while there is no next tick. */
const phaseOfNext = async (): Promise<number | undefined> => {
  const next = (await ticks.getJobScheduler('tick'))?.next
  return next === undefined ? undefined : next % 200
}
/** Newest first. */
const newestTick = async (): Promise<number> => (await ticks.getJobs(['completed'], 0, 0))[0]?.finishedOn ?? 0

describe('ticks come again by themselves', () => {
  it.each([
    ['their schedule was removed', async () => void (await ticks.removeJobScheduler('tick'))],
    ['all their jobs were obliterated', () => ticks.obliterate({ force: true })],
    ['the job of the next one was lost', removeJobs],
    [
      'the next one lies in the past',
      async () => {
        await removeJobs()
        await daemon.client.zadd(key('repeat'), Date.now() - 3_600_000, 'tick')
      },
    ],
    [
      'the next one lies an hour ahead',
      async () => {
        await removeJobs()
        await daemon.client.zadd(key('repeat'), Date.now() + 3_600_000, 'tick')
      },
    ],
    [
      'slots were skipped while nobody ran',
      async () => {
        await removeJobs()
        await daemon.client.zadd(key('repeat'), Date.now() - 1_000, 'tick')
      },
    ],
  ])('after %s', async (_, damage) => {
    await daemon.scheduler()
    await daemon.worker(async (pair, window) => quietResult(pair, window))
    await until('ticks come', async () => (await newestTick()) > 0)
    await damage()
    const damaged = Date.now()
    // More than one: the first may have been under way.
    await until('ticks come again', async () => (await newestTick()) > damaged + 600)
    await until('windows are done', () => daemon.watermark() > damaged + 600)
    expect(await ticks.getJobSchedulersCount()).toBe(1)
  })
})

describe('ticks come right after windows may be handed out', () => {
  it.each([
    ['with nothing there before', async () => undefined],
    [
      'where a schedule of another phase is there',
      async () => void (await ticks.upsertJobScheduler('tick', { every: 200, offset: 150 }, { name: 'tick' })),
    ],
  ])('%s', async (_, prepare) => {
    await prepare()
    // Half a second of settle, 10 ms of tolerance: 510 ms after a multiple of 200.
    await daemon.scheduler({ pairs: [{ ...daemon.pair, settle: 500_000 }] })
    expect(await phaseOfNext()).toBe(110)
    const started = Date.now()
    await until('ticks come', async () => (await newestTick()) > started)
    // It stays: the next one follows from this one, and also from a start of one more scheduler.
    expect(await phaseOfNext()).toBe(110)
    await daemon.scheduler({ pairs: [{ ...daemon.pair, settle: 500_000 }] })
    expect(await phaseOfNext()).toBe(110)
  })
})
