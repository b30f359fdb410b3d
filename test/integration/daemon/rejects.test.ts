import type { Queue } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRedis } from '../../../src/adapters/bullmq/connection.js'
import { rejectJobId } from '../../../src/adapters/bullmq/reject-job.js'
import { createRejectQueue, type BullRejectQueue } from '../../../src/adapters/bullmq/reject-queue.js'
import { startRejectWorker } from '../../../src/adapters/bullmq/reject-worker.js'
import { createWindowParts } from '../../../src/adapters/bullmq/window-parts.js'
import { startWindowWorker } from '../../../src/adapters/bullmq/window-worker.js'
import { CaesError } from '../../../src/core/errors.js'
import { rejectText, type Reject } from '../../../src/core/reject.js'
import type { RecordOutcome, SetAside } from '../../../src/core/set-aside.js'
import type { Window } from '../../../src/core/window.js'
import { until } from '../../support/eventually.js'
import { daemonFixture, pairName, quietResult, redisUrl, type DaemonFixture } from '../../support/daemon/fixture.js'
import { testLogger } from '../../support/daemon/memory-ports.js'
import { createMetrics } from '../../../src/http/metrics.js'
import { systemClock } from '../../../src/runtime/clock.js'

let daemon: DaemonFixture
let list: BullRejectQueue
let queue: Queue
const closers: (() => unknown)[] = []
const logger = testLogger()

const listOf = async (url = redisUrl, most?: number): Promise<BullRejectQueue> => {
  const link = openRedis({ url }, 'producer', 'test', logger)
  closers.push(() => link.close())
  await link.untilReady(5_000)
  const made = createRejectQueue(link, logger, { prefix: daemon.redis.prefix, ...(most === undefined ? {} : { most }) })
  closers.push(() => made.close())
  return made
}

beforeEach(async () => {
  daemon = await daemonFixture()
  list = await listOf()
  queue = list.queue
})
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
  await daemon.close()
})

const poison = (more: Partial<Reject> = {}): Reject => ({
  id: 'movie 1',
  side: 'elasticsearch',
  reason: 'ID_NOT_UUID',
  detail: '_id of 7 characters',
  version: 12,
  ...more,
})

const meeting =
  (...rejects: Reject[]) =>
  async (pair: string, window: Window) => {
    const result = quietResult(pair, window)
    result.report.rejected = rejects.length
    return { ...result, rejects }
  }

/** Retries end as they are told to, and are remembered. */
const retries = () => {
  const asked: SetAside[][] = []
  let answer: (record: SetAside) => RecordOutcome = (reject) => ({ kind: 'rejected', reject })
  return {
    asked,
    end: (next: typeof answer) => void (answer = next),
    retryRecords: async (_pair: string, records: readonly SetAside[]) => {
      asked.push([...records])
      return records.map((record) => answer(record))
    },
  }
}

const settledAs = (state: 'failed' | 'done' | 'gone', jobId: string) =>
  until(`${jobId} is ${state}`, async () => (await list.state(jobId)) === state)

describe('a record that a window sets aside', () => {
  it('is a failed job with a readable reason, holds no window, and is listed once however often it is met', async () => {
    const hostile = 'a:b\u001b[2J\u202e/../%00"\'\n'.padEnd(500, '9')
    const rejects = [poison(), poison({ id: '17' }), poison({ id: hostile })]
    await daemon.scheduler()
    const { retryRecords } = retries()
    await daemon.worker(meeting(...rejects), { retryRecords })
    await until('windows go on', () => daemon.acknowledged.length > 5)
    for (const reject of rejects) await settledAs('failed', rejectJobId(pairName, reject))
    const jobs = await queue.getJobs(['failed'])
    expect(jobs).toHaveLength(3)
    expect(jobs.map(({ failedReason }) => failedReason)).toEqual(rejects.map((reject) => rejectText(reject)))
    const first = jobs.map(({ timestamp, finishedOn }) => [timestamp, finishedOn])
    const before = daemon.acknowledged.length
    await until('more windows meet them', () => daemon.acknowledged.length > before + 3)
    const again = await queue.getJobs(['failed'])
    expect(again.map(({ timestamp, finishedOn }) => [timestamp, finishedOn])).toEqual(first)
    expect((await list.list(pairName)).map(({ reject }) => reject.id).sort()).toEqual(
      rejects.map(({ id }) => id).sort(),
    )
  })

  it('is retried from the board, fails again with the current reason, and completes once it is mended', async () => {
    const { retryRecords, asked, end } = retries()
    const board = await daemon.dashboard()
    await daemon.worker(meeting(), { retryRecords })
    await list.add(pairName, [poison()])
    const jobId = rejectJobId(pairName, poison())
    await settledAs('failed', jobId)
    expect(asked).toEqual([])

    const retry = async () =>
      (await fetch(`${board.url}/board/api/queues/rejects/${jobId}/retry`, { method: 'PUT' })).status
    const now = poison({ reason: 'VERSION_CONTRACT', detail: '_version is 13', version: 13 })
    end(() => ({ kind: 'rejected', reject: now }))
    expect(await retry()).toBe(204)
    await until('it failed again', async () => (await list.failureOf(jobId)) === rejectText(now))
    expect(asked[0]).toMatchObject([{ id: 'movie 1', version: 12 }])
    expect(Date.now() - asked[0]![0]!.notedAt / 1_000).toBeLessThan(60_000)
    expect(await list.list()).toMatchObject([{ jobId, reject: now }])

    end(() => ({ kind: 'written' }))
    expect(await retry()).toBe(204)
    await settledAs('done', jobId)
    expect(await list.count()).toEqual(new Map())
  })

  it('shows pair, reason and record on the board', async () => {
    const board = await daemon.dashboard()
    await daemon.worker(meeting(), retries())
    await list.add(pairName, [poison({ id: 'a\u0007b' })])
    await until('it is listed', async () => (await queue.getFailedCount()) === 1)
    const answer = await fetch(`${board.url}/board/api/queues?activeQueue=rejects&status=failed`)
    expect(await answer.text()).toContain('default · ID_NOT_UUID · \\"a\\\\u{7}b\\" in elasticsearch')
  })

  it('is listed again when it is met after it was done or dropped', async () => {
    const { retryRecords, end } = retries()
    end(() => ({ kind: 'unchanged' }))
    await daemon.worker(meeting(), { retryRecords })
    const jobId = rejectJobId(pairName, poison())
    await list.add(pairName, [poison()])
    await settledAs('failed', jobId)
    await list.retry(jobId)
    await settledAs('done', jobId)
    await list.add(pairName, [poison()])
    await settledAs('failed', jobId)
    expect(await list.drop(jobId)).toBe(true)
    await settledAs('gone', jobId)
    await list.add(pairName, [poison()])
    await settledAs('failed', jobId)
  })

  it('stays in the list with the error of a store that was down during the retry', async () => {
    await daemon.worker(meeting(), {
      retryRecords: () => Promise.reject(new CaesError('CAES_CASSANDRA_DOWN', 'no host', { hint: 'start it' })),
    })
    const jobId = rejectJobId(pairName, poison())
    await list.add(pairName, [poison()])
    await settledAs('failed', jobId)
    await list.retry(jobId)
    await until('it says so', async () => (await list.failureOf(jobId))?.startsWith('CAES_CASSANDRA_DOWN'))
    expect((await list.list())[0]).toMatchObject({ reject: poison() })
  })

  it('waits for the resume where it is retried while its pair is paused, without losing its place', async () => {
    const { retryRecords, asked, end } = retries()
    end(() => ({ kind: 'written' }))
    let paused = true
    await daemon.worker(meeting(), {
      retryRecords,
      gate: () => (paused ? { reason: 'paused by ann', retryInMs: 50 } : undefined),
    })
    const jobId = rejectJobId(pairName, poison())
    await list.add(pairName, [poison()])
    await settledAs('failed', jobId)
    await list.retry(jobId)
    const waiting = await until('it came again', async () => {
      const job = await queue.getJob(jobId)
      return (job?.attemptsStarted ?? 0) > 3 && job
    })
    expect(asked).toEqual([])
    expect(waiting.progress).toMatchObject({ step: 'waits: paused by ann' })
    expect(await list.count()).toEqual(new Map([[pairName, 1]]))
    paused = false
    await settledAs('done', jobId)
    expect(asked).toHaveLength(1)
  })

  it('is counted by pair where the scheduler observes', async () => {
    await daemon.worker(meeting(), retries())
    await list.add(pairName, [poison(), poison({ id: 'other' })])
    await list.add('somebody else', [poison()])
    const scheduler = await daemon.scheduler()
    await until('the gauge is there', async () =>
      (await (await fetch(`${scheduler.url}/metrics`)).text()).includes('caes_sync_rejects{pair="default"} 2'),
    )
    expect(await list.ids('somebody else')).toHaveLength(1)
  })
})

describe('the list', () => {
  const many = (count: number): Reject[] => Array.from({ length: count }, (_, index) => poison({ id: `m ${index}` }))

  it('keeps so many, drops the oldest, and logs how many', async () => {
    const bounded = await listOf(redisUrl, 5)
    await daemon.worker(meeting(), retries())
    await bounded.add(pairName, many(4))
    await until('they are listed', async () => (await queue.getFailedCount()) === 4)
    await bounded.add(pairName, [...many(4), poison({ id: 'new 1' }), poison({ id: 'new 2' }), poison({ id: 'new 3' })])
    await until('the newest are', async () => {
      const kept = (await list.list()).map(({ reject }) => reject.id)
      return kept.length === 5 && ['new 1', 'new 2', 'new 3'].every((id) => kept.includes(id))
    })
    expect(logger.lines.filter(({ fields }) => 'dropped' in fields && fields.dropped === 2)).toHaveLength(1)
  })

  it('hands retries that come together over together', async () => {
    const { retryRecords, asked, end } = retries()
    end(() => ({ kind: 'unchanged' }))
    await daemon.worker(meeting(), {
      retryRecords: async (pair, records) => {
        const first = asked.length === 0
        const outcomes = await retryRecords(pair, records)
        if (first) await until('others wait behind it', async () => (await queue.getActiveCount()) === 100)
        return outcomes
      },
    })
    await list.add(pairName, many(300))
    await until('all are listed', async () => (await queue.getFailedCount()) === 300)
    await Promise.all((await list.ids()).map((id) => list.retry(id)))
    await until('all are done', async () => (await queue.getCompletedCount()) === 300)
    expect(asked.flat()).toHaveLength(300)
    expect(asked[1]!.length).toBeGreaterThan(90)
  })

  it('leaves a job alone that somebody made by hand, and says what is wrong with it', async () => {
    await daemon.worker(meeting(), retries())
    const job = await queue.add('by hand', {})
    await until('it fails', async () => (await list.failureOf(job.id!))?.includes('CAES_CONFIG_INVALID'))
    expect([await list.list(), await list.count()]).toEqual([[], new Map()])
  })
})

describe('while the list cannot be written', () => {
  it('a window with rejects is not acknowledged; it fails and is run again, and then lists them', async () => {
    const link = openRedis(daemon.redis, 'worker', 'test', logger)
    closers.push(() => link.close())
    await link.untilReady(5_000)
    const acknowledged: Window[] = []
    let down = true
    const worker = startWindowWorker(
      link,
      {
        gate: () => undefined,
        ended: () => undefined,
        runWindow: meeting(poison()),
        acknowledge: async (_pair, window) => acknowledged.push(window),
        rejects: {
          add: async (pair, rejects) => {
            if (down) throw new CaesError('CAES_REDIS_DOWN', 'no answer')
            await list.add(pair, rejects)
          },
        },
        parts: createWindowParts(link, daemon.redis.prefix),
        logger,
        metrics: createMetrics(systemClock, 'test'),
      },
      { prefix: daemon.redis.prefix, concurrency: 1 },
    )
    closers.push(() => worker.stop(0))
    const job = await daemon.queue.add('w', { pair: pairName, from: 1, to: 2 }, { attempts: 1 })
    await until('it was tried again', async () => ((await daemon.queue.getJob(job.id!))?.attemptsStarted ?? 0) > 2)
    expect(acknowledged).toEqual([])
    down = false
    await until('it is acknowledged', () => acknowledged.length === 1)
    expect(await list.ids()).toEqual([rejectJobId(pairName, poison())])
  })

  it('says so at once instead of waiting for Redis', async () => {
    const link = openRedis(daemon.redis, 'producer', 'test', logger)
    await link.untilReady(5_000)
    const cut = createRejectQueue(link, logger, { prefix: daemon.redis.prefix })
    await cut.ids()
    link.close()
    await expect(cut.add(pairName, [poison()])).rejects.toMatchObject({ code: 'CAES_REDIS_DOWN' })
    await cut.close()
  })
})

describe('a worker that stops during a retry', () => {
  it('returns the job, and the next worker does it', async () => {
    const link = openRedis(daemon.redis, 'worker', 'test', logger)
    closers.push(() => link.close())
    await link.untilReady(5_000)
    let asked = false
    const hanging = startRejectWorker(
      link,
      {
        logger,
        gate: () => undefined,
        retryRecords: (_pair, _records, signal) =>
          new Promise((_, reject) => {
            asked = true
            signal.addEventListener('abort', () => reject(signal.reason as Error))
          }),
      },
      { prefix: daemon.redis.prefix },
    )
    const jobId = rejectJobId(pairName, poison())
    await list.add(pairName, [poison()])
    await settledAs('failed', jobId)
    await list.retry(jobId)
    await until('it is under way', () => asked)
    expect(await list.drop(jobId)).toBe(false)
    await hanging.stop(0)
    expect(await list.state(jobId)).toBe('under way')
    const { retryRecords, end } = retries()
    end(() => ({ kind: 'written' }))
    await daemon.worker(meeting(), { retryRecords })
    await settledAs('done', jobId)
  })
})
