import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRedis } from '../../../src/adapters/bullmq/connection.js'
import { createWindowQueue } from '../../../src/adapters/bullmq/window-queue.js'
import { windowId } from '../../../src/adapters/bullmq/window-id.js'
import { startAt } from '../../../src/core/progress.js'
import { merged, uncovered } from '../../../src/core/window.js'
import { until } from '../../support/eventually.js'
import { daemonFixture, pairName, quietResult, type DaemonFixture } from '../../support/daemon/fixture.js'

let daemon: DaemonFixture
beforeEach(async () => {
  daemon = await daemonFixture()
})
afterEach(() => daemon.close())

const start = (): number => daemon.checkpoints.history[0]?.progress.watermark ?? 0
const reaches = (version: number): Promise<true> =>
  until(`the watermark reaches ${version}`, () => daemon.watermark() >= version)
const now = (): number => Date.now()

describe('scheduling', () => {
  it('tiles time without a gap while two schedulers plan and two workers share the windows', async () => {
    const done: [string[], string[]] = [[], []]
    await Promise.all([daemon.scheduler(), daemon.scheduler()])
    for (const mine of done) {
      await daemon.worker(
        async (pair, window) => {
          mine.push(windowId(pair, window))
          // Long enough for the other one to take the next.
          await new Promise((resolve) => setTimeout(resolve, 60))
          return quietResult(pair, window)
        },
        { concurrency: 1 },
      )
    }
    await reaches(start() + 3_000)
    await until('both workers had windows', () => done.every((mine) => mine.length > 0))
    expect(uncovered({ from: start(), to: daemon.watermark() }, daemon.acknowledged)).toEqual([])
    // Two planners hand out the same windows, so none is run twice.
    const ids = done.flat()
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('plans again by itself after Redis lost everything', async () => {
    await daemon.scheduler()
    await until('a window is queued', () => daemon.jobIn('waiting'))
    await daemon.loseRedis()
    const lostAt = now()
    await daemon.worker(async (pair, window) => quietResult(pair, window))
    await reaches(lostAt + 1_000)
    expect(uncovered({ from: start(), to: daemon.watermark() }, merged(daemon.acknowledged))).toEqual([])
  })

  it('makes ticks again when the schedule is gone while nothing else is', async () => {
    await daemon.scheduler({ intervalMs: 300 })
    await daemon.worker(async (pair, window) => quietResult(pair, window))
    await until('ticks come', () => daemon.watermark() > start())
    await daemon.client.del(`${daemon.redis.prefix}:ticks:repeat`, `${daemon.redis.prefix}:ticks:repeat:tick`)
    await until('the schedule is back', () =>
      daemon.client.exists(`${daemon.redis.prefix}:ticks:repeat:tick`).then(Boolean),
    )
    const mendedAt = now()
    await reaches(mendedAt + 1_000)
    expect(daemon.logger.lines.some(({ message }) => message.includes('ticks had stopped'))).toBe(true)
  })

  it('spreads a long gap over no more windows than it may have open, and closes it', async () => {
    const from = now() - 3_600_000
    daemon.checkpoints.reset(pairName, startAt(from))
    await daemon.scheduler({ intervalMs: 60_000 })
    expect(await daemon.queue.count()).toBeLessThanOrEqual(daemon.pair.cadence.maxOpen + 1)
    expect(await daemon.queue.count()).toBeGreaterThan(10)
    await daemon.worker(async (pair, window) => quietResult(pair, window), { concurrency: 8 })
    await reaches(now() - 10_000)
  })

  it('serves health and metrics on a free port, with a lag once it is known', async () => {
    const [one, two] = await Promise.all([daemon.scheduler(), daemon.scheduler()])
    expect(one?.url).not.toBe(two?.url)
    expect((await fetch(`${one?.url}/healthz`)).status).toBe(200)
    expect((await fetch(`${one?.url}/readyz`)).status).toBe(200)
    expect(await (await fetch(`${one?.url}/metrics`)).text()).toMatch(
      /caes_sync_lag_seconds\{pair="default",direction="to_cassandra"\} \d/,
    )
  })
})

const openQueue = async () => {
  const link = openRedis(daemon.redis, 'producer', 'test', daemon.logger)
  await link.untilReady(10_000)
  const queue = createWindowQueue(link, { prefix: daemon.redis.prefix, attempts: 1, backoffMs: 10 })
  return {
    queue,
    close: async () => {
      await queue.close()
      link.close()
    },
  }
}

describe('the window queue', () => {
  const window = { from: 100, to: 200 }
  const id = windowId(pairName, window)

  it('leaves a window alone that is open already', async () => {
    const { queue, close } = await openQueue()
    await queue.enqueue(pairName, [window])
    await queue.enqueue(pairName, [window])
    expect(await queue.open()).toEqual(new Map([[pairName, [window]]]))
    expect(await daemon.queue.count()).toBe(1)
    await close()
  })

  it('hands out again a window whose id was completed before', async () => {
    const { queue, close } = await openQueue()
    daemon.checkpoints.reset(pairName, startAt(100))
    const worker = await daemon.worker(async (pair, each) => quietResult(pair, each))
    await queue.enqueue(pairName, [window])
    await until('it completes', () => daemon.jobIn('completed'))
    await worker.stop(1_000)
    expect(await queue.open()).toEqual(new Map())
    await queue.enqueue(pairName, [window])
    expect(await queue.open()).toEqual(new Map([[pairName, [window]]]))
    await close()
  })

  it('hands out again a window of which Redis kept only the remains', async () => {
    const { queue, close } = await openQueue()
    await queue.enqueue(pairName, [window])
    await daemon.client.del(`${daemon.redis.prefix}:windows:wait`)
    expect(await queue.open()).toEqual(new Map())
    await queue.enqueue(pairName, [window])
    expect(await queue.open()).toEqual(new Map([[pairName, [window]]]))
    await close()
  })

  it('stores small data under an id that says what it is', async () => {
    const { queue, close } = await openQueue()
    await queue.enqueue(pairName, [window])
    const job = await daemon.queue.getJob(id)
    expect(job?.data).toEqual({ pair: pairName, from: 100, to: 200 })
    expect(job?.opts.backoff).toEqual({ type: 'exponential', delay: 10, jitter: 0.5 })
    await close()
  })

  it('keeps windows of a paused queue open', async () => {
    const { queue, close } = await openQueue()
    await daemon.queue.pause()
    await queue.enqueue(pairName, [window])
    expect(await queue.open()).toEqual(new Map([[pairName, [window]]]))
    await close()
  })

  it('says that Redis is down instead of waiting for it, without a password', async () => {
    const link = openRedis({ url: 'redis://user:secret@127.0.0.1:1/0' }, 'producer', 'test', daemon.logger)
    const attempt = link.untilReady(300)
    await expect(attempt).rejects.toMatchObject({ code: 'CAES_REDIS_DOWN' })
    await expect(attempt).rejects.not.toThrow(/secret/)
    expect(daemon.logger.lines.filter(({ message }) => message.includes('out of reach'))).toHaveLength(1)
    link.close()
  })
})
