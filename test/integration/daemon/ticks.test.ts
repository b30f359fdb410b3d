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
